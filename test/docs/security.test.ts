import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { defaultConfig } from '../../src/config/NetworkConfig.ts'
import { handshakesFor } from '../../src/transport/node/handshakesMax.ts'
import { withDocument } from '../lib/DocumentPrograms.ts'
import { connectWhenReady, freePort } from '../lib/freePort.ts'
import { joinServer, packet, u32 } from '../lib/gameMaker.ts'
import { RawDatagrams } from '../lib/RawDatagrams.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

const document = 'SECURITY.md'

/** What opening a WebSocket ends with: the status of the answer, or that it is open. */
async function openedFrom(port: number, path: string, origin: string): Promise<string | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { origin })
  try {
    await once(socket, 'open')
    return 'open'
  } catch (error) {
    return /\d+$/.exec((error as Error).message)?.[0]
  } finally {
    socket.terminate()
  }
}

async function isEnded(peer: RawPeer): Promise<void> {
  await until(() => peer.isClosed || peer.hasEnded)
  peer.close()
}

spec('SECURITY.md', (it) => {
  it('names the defaults of every setting that limits', () => {
    const text = readFileSync(document, 'utf8')
    const mebibyte = 2 ** 20
    const config = defaultConfig()
    const facts: readonly [number, RegExp][] = [
      [config.acceptedMessageBytesMax / mebibyte, /(\d+) MiB from a client/],
      [config.clientMessageBytesMax / mebibyte, /(\d+) MiB from a server/],
      [config.handshakeTimeoutMs / 1_000, /\| (\d+) s: `handshakeTimeoutMs`/],
      [config.queuedEventsMax, /([\d,]+) events waiting/],
      [config.queuedBytesMax / mebibyte, /\((\d+) MiB at least/],
      [config.eventsPerSocketMax, /(\d+) events a tick and connection/],
      [config.eventsPerTickMax, /`eventsPerTickMax` \(([\d,]+)\)/],
      [config.endsPerTickMax, /`endsPerTickMax` \(([\d,]+)\)/],
      [config.acceptedSendQueueBytesMax / mebibyte, /(\d+) MiB to a client/],
      [config.clientSendQueueBytesMax / mebibyte, /(\d+) MiB to a server/],
      [config.writeStallMs / 1_000, /(\d+) s: `writeStallMs`/],
      [config.pingIntervalMs / 1_000, /(\d+) s of silence \(`pingIntervalMs`\)/],
      [config.pongTimeoutMs / 1_000, /(\d+) s more \(`pongTimeoutMs`\)/],
      [config.datagramsPerSenderMax, /(\d+) of one sender in a tick/],
      [config.datagramQueueBytesMax / mebibyte, /(\d+) MiB waiting for a UDP socket/],
      [config.sendersMax, /([\d,]+) senders: `sendersMax`/],
      [config.reliableMessageBytesMax / mebibyte, /(\d+) MiB each: `reliableMessageBytesMax`/],
    ]
    for (const [value, pattern] of facts)
      assert.is(Number(pattern.exec(text)?.[1]?.replace(',', '')), value, String(pattern))
  })

  it(
    'public-server :: serves players, and turns out who breaks its rules',
    withDocument(document, async (programs) => {
      const [port, webPort] = [await freePort(), await freePort()]
      const changes = { 6510: port, 6511: webPort, '60_000': 20 }
      const program = programs.run('public-server.ts', changes)
      for (const each of [port, webPort]) (await connectWhenReady(each)).destroy()
      const join = async (): Promise<RawPeer> => {
        const peer = await RawPeer.connect(port)
        await joinServer(peer)
        return peer
      }
      const player = await join()
      const message = packet('0168656c6c6f')
      player.send(message)
      assert.is(await player.take(message.length / 2), message)
      for (const wrong of [packet(''), packet('00'.repeat(16_385)), 'ff'.repeat(20)]) {
        const peer = await join()
        peer.send(wrong)
        await isEnded(peer)
      }
      const page = 'https://game.example.org'
      assert.is(await openedFrom(webPort, '/game', page), 'open')
      assert.is(await openedFrom(webPort, '/game', 'https://other.example.org'), '403')
      assert.is(await openedFrom(webPort, '/', page), '404')
      player.send(message)
      assert.is(await player.take(message.length / 2), message)
      await program.says('1 clients, 0 refused, ')
      player.close()
    }),
  )

  it(
    'proof :: answers an address with no more than it sent until it has proved itself',
    withDocument(document, async (programs) => {
      const port = await freePort()
      const program = programs.run('proof.ts', {
        6512: port,
        'const secret =': "console.log('ready')\nconst secret =",
      })
      await program.says('ready')
      const player = await RawDatagrams.bind()
      const played = `03${u32(0)}${'00'.repeat(20)}`
      const question = `01${u32(0)}${'00'.repeat(12)}`
      player.send(played, port)
      player.send(question.slice(0, -2), port)
      player.send(question, port)
      const { hex } = await player.take()
      assert.match(hex, /^dec0adde0c0000000500000002/)
      assert.is(hex.length, question.length)
      const proof = hex.slice(-8)
      const stranger = await RawDatagrams.bind()
      const right = `03${proof}${'00'.repeat(20)}`
      stranger.send(right, port)
      stranger.send(question, port)
      const another = await stranger.take()
      assert.is.not(another.hex.slice(-8), proof)
      player.send(right, port)
      const answered = await player.take()
      assert.is(answered.hex, packet(right))
      assert.is(player.received.length + stranger.received.length, 0)
      for (const each of [player, stranger]) each.close()
    }),
  )

  it('game.service :: has as many files as the most handshakes need', () => {
    const unit = /```ini\n(.*?)```/s.exec(readFileSync(document, 'utf8'))![1]!
    assert.match(unit, /^# game\.service\n/)
    assert.match(unit, /^ExecStart=\/usr\/bin\/node \/\S+\/public-server\.mjs$/m)
    const files = Number(/^LimitNOFILE=(\d+)$/m.exec(unit)![1])
    const most = handshakesFor(`Max open files ${Number.MAX_SAFE_INTEGER}`)
    assert.is(handshakesFor(`Max open files ${files}`), most)
  })
})
