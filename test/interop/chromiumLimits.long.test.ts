import {
  DisconnectReason,
  NetworkError,
  NetworkType,
  onNetworking,
  sendPacket,
  SocketType,
} from 'bitecs-networking'
import { type AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { WebSocketServer } from 'ws'
import {
  answer,
  emptyPacket,
  greeting,
  helloPacket,
  packet,
  u32,
  welcome,
} from '../lib/gameMaker.ts'
import { messagesOf } from '../lib/recordEvents.ts'
import { until } from '../lib/until.ts'
import { PlainPeer } from './PlainPeer.ts'
import { findChromium } from './programs.ts'
import { closePage, withPage } from './withPage.ts'
import { specWith } from '../lib/specWith.ts'

const { ws, wss, tcp, udp } = SocketType
const local = '127.0.0.1'

const hex = (text: string): string => Buffer.from(text).toString('hex')

specWith(findChromium(), 'a page in Chromium and its limits', (it, path) => {
  it(
    'hears 5,000 messages of one tick and sends as many, in order',
    withPage(path, async ({ page, host }) => {
      const { world, server, port, events } = host()
      const numbers = Array.from({ length: 5_000 }, (_, index) => u32(index))
      onNetworking(world, server, (_world, _self, load) => {
        if (load.type !== NetworkType.data || load.size > 0) return
        for (const number of numbers) sendPacket(world, load.id, Buffer.from(number, 'hex'))
      })
      const { ticks, ...rest } = await page.play('flood', local, port, numbers.length)
      assert.equal(rest, { count: numbers.length, wrong: -1 })
      assert.ok(ticks >= numbers.length / 256, 'a tick takes 256 events of a socket')
      await until(() => events.at(-1)!.type === NetworkType.disconnect)
      assert.equal(messagesOf(events).slice(1), numbers)
      assert.equal(page.console, [])
    }),
  )

  it(
    'is told when its send queue is full and when it is not any more',
    withPage(path, async ({ page, host }) => {
      const { world, server, port, events } = host()
      onNetworking(world, server, (_world, _self, { type, id }) => {
        if (type === NetworkType.data) sendPacket(world, id, new Uint8Array(1))
      })
      const { refusal, sentFirst, sent } = await page.play('fill', local, port)
      assert.is(refusal, NetworkError.sendQueueFull)
      assert.is(sentFirst, 16)
      assert.is(sent, 18)
      await until(() => events.at(-1)!.type === NetworkType.disconnect)
      assert.is(messagesOf(events).length, sent)
      assert.equal(page.console, [])
    }),
  )

  it(
    'plays a GameMaker client for a server that is not ours, and tells it why it leaves',
    withPage(path, async ({ page }) => {
      const server = new WebSocketServer({ host: local, port: 0 })
      const peers: PlainPeer[] = []
      server.on('connection', (socket) => peers.push(new PlainPeer(socket)))
      try {
        await until(() => server.address() !== null)
        const { port } = server.address() as AddressInfo
        const faults = [packet('00'.repeat(1_001)), 'ff', '']
        const played = page.play('outlive', local, port, faults.length, 'strictly')
        for (const [index, fault] of faults.entries()) {
          await until(() => peers.length > index)
          const peer = peers[index]!
          peer.send(`${greeting}ff`)
          assert.equal(await peer.take(1), [answer])
          peer.send(welcome + helloPacket)
          assert.equal(await peer.take(1), [packet(hex(`hello ${index}`))])
          if (fault === '') peer.socket.terminate()
          else peer.send(emptyPacket + fault)
        }
        const { reasons, told } = await played
        const { tooLarge, malformed, reset } = DisconnectReason
        assert.equal(reasons, [tooLarge, malformed, reset])
        assert.equal(
          told.map(({ type, size, text }) => (size === undefined ? type : [size, text])),
          [
            [5, 'hello'],
            NetworkType.disconnect,
            [5, 'hello'],
            [0, ''],
            NetworkType.disconnect,
            [5, 'hello'],
            NetworkType.disconnect,
          ],
        )
        await until(() => peers.every(({ code }) => code !== undefined))
        assert.equal(
          peers.map(({ code }) => code),
          [4009, 4002, 1006],
        )
        // Only the first fault is one that somebody may have to know of.
        assert.is(page.console.length, 1)
        assert.match(page.console[0]!, /sent a message above messageBytesMax, 1000: disconnected/)
      } finally {
        for (const { socket } of peers) socket.terminate()
        server.close()
      }
    }),
  )

  it(
    'has no other sockets, and says so',
    withPage(path, async ({ page }) => {
      const { unsupported } = NetworkError
      const three = [unsupported, unsupported, unsupported]
      const result = await page.play('make', [tcp, udp, SocketType.memory])
      assert.equal(result, { servers: three, sockets: three })
      assert.equal(
        page.console,
        ['createServer', 'createSocket'].flatMap((name) =>
          ['tcp', 'udp', 'memory'].map(
            (type) =>
              `warning: bitecs-networking: ${name}: there are no ${type} sockets here; this platform has ws, wss`,
          ),
        ),
      )
    }),
  )

  it(
    'has clients of WebSocket, but no servers',
    withPage(path, async ({ page }) => {
      const { servers, sockets } = await page.play('make', [ws, wss])
      assert.equal(servers, [NetworkError.unsupported, NetworkError.unsupported])
      assert.ok(sockets.every((socket) => socket > 0))
    }),
  )

  it('is closed with its browser', closePage)
})
