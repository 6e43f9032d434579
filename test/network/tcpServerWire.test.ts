import { query } from 'bitecs'
import {
  AcceptedBy,
  DisconnectReason,
  NetworkSystem,
  NetworkType,
  sendPacket,
  sendRaw,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import {
  answer,
  answerStart,
  emptyPacket,
  greeting,
  hello,
  helloPacket,
  joinServer,
  packet,
  welcome,
} from '../lib/gameMaker.ts'
import { type ServerHost, type TestNet } from '../lib/TestNet.ts'
import { messagesOf, onEach } from '../lib/recordEvents.ts'
import { withNet } from '../lib/withNet.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'

/** Disconnect reason and discarded bytes of each socket that is gone, read in its disconnect event. */
function recordEnds({ world }: ServerHost): { reason: number; discarded: number }[] {
  const ends: { reason: number; discarded: number }[] = []
  onEach(world, (load) => {
    if (load.type !== NetworkType.disconnect) return
    const { disconnectReason, discardedBytes } = Socket(world)
    ends.push({
      reason: disconnectReason[load.socket]!,
      discarded: discardedBytes[load.socket]!,
    })
  })
  return ends
}

/** A server with one client that has connected, and whose connect event is past. */
async function joined(
  net: TestNet,
  options: Parameters<TestNet['server']>[0] = {},
): Promise<ServerHost & { peer: Awaited<ReturnType<TestNet['join']>>; client: number }> {
  const host = net.server(options)
  const peer = await net.join(host.port)
  await until(() => host.events.length === 1, [host.world])
  return { ...host, peer, client: host.events[0]!.socket! }
}

function typesOf({ events }: ServerHost): number[] {
  return events.map(({ type }) => type)
}

spec('a TCP server and GameMaker clients', (it) => {
  it(
    'greets, takes the answer and welcomes with the bytes of GameMaker',
    withNet(async (net) => {
      const { world, port, events } = net.server()
      const peer = await net.peer(port)
      assert.is(await peer.take(18), greeting)
      await turns()
      assert.is(peer.size, 0)
      peer.send(answer)
      assert.is(await peer.take(12), welcome)
      await until(() => events.length === 1, [world])
      await turns()
      assert.is(peer.size, 0)
    }),
  )

  it(
    'W1: the answer may be cut after every byte',
    withNet(async (net) => {
      const host = net.server()
      const everyByte = Array.from({ length: 15 }, (_, index) => index + 1)
      for (const cuts of [...everyByte.map((cut) => [cut]), everyByte]) {
        const peer = await net.peer(host.port)
        assert.is(await peer.take(18), greeting)
        await peer.sendCut(answer, cuts)
        assert.is(await peer.take(12), welcome)
        const count = host.events.length
        peer.send(helloPacket)
        await until(() => host.events.length === count + 2, [host.world])
      }
      assert.equal(
        typesOf(host),
        Array.from({ length: 32 }, (_, index) =>
          index % 2 === 0 ? NetworkType.connect : NetworkType.data,
        ),
      )
      assert.equal(
        messagesOf(host.events),
        Array.from({ length: 16 }, () => hello),
      )
    }),
  )

  it(
    'W2: a packet may be cut at each of its inner places',
    withNet(async (net) => {
      const { world, peer, events } = await joined(net)
      const places = Array.from({ length: 16 }, (_, index) => index + 1)
      for (const cuts of [...places.map((place) => [place]), places]) {
        const count = events.length
        await peer.sendCut(helloPacket, cuts)
        await until(() => events.length > count, [world])
      }
      assert.equal(
        messagesOf(events),
        Array.from({ length: 17 }, () => hello),
      )
    }),
  )

  it(
    'W3: three packets in one chunk; two and a half, then the rest',
    withNet(async (net) => {
      const { world, peer, events } = await joined(net)
      const three = packet('01') + packet('0202') + packet('030303')
      peer.send(three)
      await until(() => events.length === 4, [world])
      await peer.sendCut(three, [13 + 14 + 7])
      await until(() => events.length === 7, [world])
      assert.equal(messagesOf(events), ['01', '0202', '030303', '01', '0202', '030303'])
    }),
  )

  it(
    'W4: the answer and the first packet in one chunk are connect, then data',
    withNet(async (net) => {
      const { world, port, events } = net.server()
      const peer = await net.peer(port)
      peer.send(answer + helloPacket)
      await until(() => events.length === 2, [world])
      assert.is(await peer.take(30), greeting + welcome)
      assert.equal(
        events.map(({ type }) => type),
        [NetworkType.connect, NetworkType.data],
      )
      assert.is(events[1]!.id, events[0]!.socket)
      assert.equal(messagesOf(events), [hello])
    }),
  )

  it(
    'W4: a client that answers, sends and leaves at once has all three events',
    withNet(async (net) => {
      const host = net.server()
      const peer = await net.peer(host.port)
      peer.send(answer + helloPacket + helloPacket)
      peer.end()
      await until(() => host.events.length === 4, [host.world])
      assert.equal(typesOf(host), [
        NetworkType.connect,
        NetworkType.data,
        NetworkType.data,
        NetworkType.disconnect,
      ])
      assert.equal([...query(host.world, [AcceptedBy(host.server)])], [])
      await until(() => peer.hasEnded)
    }),
  )

  for (const [fourth, gameId] of [
    ['00000000', 0],
    ['2a000000', 42],
    ['ffffffff', -1],
    ['8a30b111', 296_824_970],
  ] as const)
    it(
      `W6: the game id ${gameId} is taken`,
      withNet(async (net) => {
        const { world, port, events } = net.server()
        const peer = await net.peer(port)
        peer.send(answerStart + fourth)
        assert.is(await peer.take(30), greeting + welcome)
        await until(() => events.length === 1, [world])
        assert.is(Socket(world).gameId[events[0]!.socket!], gameId)
      }),
    )

  for (const [which, bytes] of [
    ['first', 'bebafecb0bb0adde1000000000000000'],
    ['second', 'bebafeca0bb0addf1000000000000000'],
    ['third', 'bebafeca0bb0adde1100000000000000'],
    ['first (big-endian)', 'cafebabedeadb00b0000001000000000'],
    ['every (HTTP)', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n').toString('hex')],
    ['every (a packet)', helloPacket],
  ] as const)
    it(
      `W7: an answer whose ${which} word is wrong is closed, without an event`,
      withNet(async (net) => {
        const { world, server, port, events } = net.server()
        const peer = await net.peer(port)
        assert.is(await peer.take(18), greeting)
        peer.send(bytes)
        await until(() => peer.isClosed, [world])
        assert.is(peer.takeAll(), '')
        assert.equal(events, [])
        assert.is(Socket(world).failedHandshakes[server], 1)
        assert.equal([...query(world, [AcceptedBy(server)])], [])
      }),
    )

  it(
    'W8: a payload that looks like a header is a payload',
    withNet(async (net) => {
      const { world, peer, events } = await joined(net)
      const payload = 'dec0adde0c00000001000000'
      peer.send(`dec0adde0c0000000c000000${payload}${helloPacket}`)
      await until(() => events.length === 3, [world])
      assert.equal(messagesOf(events), [payload, hello])
    }),
  )

  it(
    'W9: an empty packet between two others is an event of size 0',
    withNet(async (net) => {
      const { world, peer, events } = await joined(net)
      peer.send(helloPacket + emptyPacket + helloPacket)
      await until(() => events.length === 4, [world])
      assert.equal(messagesOf(events), [hello, '', hello])
      assert.is(events[2]!.size, 0)
    }),
  )

  for (const size of ['0b', '0d', '00'])
    it(
      `W10: a header size of ${Number.parseInt(size, 16)} is malformed: discarded, or closed`,
      withNet(async (net) => {
        const wrong = `dec0adde${size}0000000500000068656c6c6f`
        const keeping = await joined(net)
        keeping.peer.send(wrong)
        await until(() => net.warnings.length === 1, [keeping.world])
        keeping.peer.send(packet('aa'))
        await until(() => keeping.events.length === 2, [keeping.world])
        assert.equal(messagesOf(keeping.events), ['aa'])

        const closing = await joined(net, { malformed: 'close' })
        const ends = recordEnds(closing)
        closing.peer.send(wrong)
        await until(() => closing.peer.isClosed, [closing.world])
        NetworkSystem(closing.world)
        assert.equal(typesOf(closing), [NetworkType.connect, NetworkType.disconnect])
        assert.is(ends[0]!.reason, DisconnectReason.malformed)
      }),
    )

  it(
    'W11: by default bytes that are no packet are dropped, with one warning, and the link stays',
    withNet(async (net) => {
      const { world, peer, events } = await joined(net)
      peer.send(`${helloPacket}ffffffff0c0000000500000068656c6c6f`)
      await until(() => events.length === 2 && net.warnings.length === 1, [world])
      peer.send(packet('bb'))
      await until(() => events.length === 3, [world])
      assert.equal(messagesOf(events), [hello, 'bb'])
      assert.is(net.warnings.length, 1)
      assert.match(net.warnings[0]!, 'discarded 17 bytes')
      assert.is(peer.isClosed, false)
    }),
  )

  it(
    'W11: the discarded bytes are counted at the next tick',
    withNet(async (net) => {
      const { world, peer, client } = await joined(net)
      peer.send('ffffffff')
      await until(() => net.warnings.length === 1)
      NetworkSystem(world)
      assert.is(Socket(world).discardedBytes[client], 4)
    }),
  )

  it(
    'W11: with the policy raw they are one message, header bytes included',
    withNet(async (net) => {
      const { world, peer, events } = await joined(net, { malformed: 'raw' })
      const wrong = 'dec0addf0c0000000500000068656c6c6f'
      peer.send(helloPacket + wrong)
      await until(() => events.length === 3, [world])
      peer.send(packet('cc'))
      await until(() => events.length === 4, [world])
      assert.equal(messagesOf(events), [hello, wrong, 'cc'])
    }),
  )

  it(
    'W12: with the policy close they end the connection, after the packets before them',
    withNet(async (net) => {
      const host = await joined(net, { malformed: 'close' })
      const ends = recordEnds(host)
      host.peer.send(`${helloPacket}ffffffff0c000000050000006868686868`)
      await until(() => host.peer.isClosed, [host.world])
      NetworkSystem(host.world)
      assert.equal(typesOf(host), [NetworkType.connect, NetworkType.data, NetworkType.disconnect])
      assert.is(ends.length, 1)
      assert.is(ends[0]!.reason, DisconnectReason.malformed)
      assert.equal([...query(host.world, [AcceptedBy(host.server)])], [])
    }),
  )

  it(
    'W12: with the policy close the bytes that were no packet are counted',
    withNet(async (net) => {
      const host = await joined(net, { malformed: 'close' })
      const ends = recordEnds(host)
      host.peer.send('ffffffff')
      await until(() => ends.length === 1, [host.world])
      assert.equal(ends, [{ reason: DisconnectReason.malformed, discarded: 4 }])
    }),
  )

  for (const [claim, bytes] of [
    ['4 MiB + 1', '01004000'],
    ['4 GiB - 1', 'ffffffff'],
  ] as const)
    it(
      `W13: a packet of ${claim} ends the connection before memory is taken for it`,
      withNet(async (net) => {
        const host = await joined(net)
        const ends = recordEnds(host)
        const before = process.memoryUsage().arrayBuffers
        host.peer.send(`${helloPacket}dec0adde0c000000${bytes}68656c6c6f`)
        await until(() => host.peer.isClosed, [host.world])
        NetworkSystem(host.world)
        assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024)
        assert.equal(typesOf(host), [NetworkType.connect, NetworkType.data, NetworkType.disconnect])
        assert.is(ends[0]!.reason, DisconnectReason.tooLarge)
        assert.is(host.peer.wasReset, true)
      }),
    )

  it(
    'W13: a packet of exactly 4 MiB is taken',
    withNet(async (net) => {
      const { world, peer, events } = await joined(net)
      const payload = new Uint8Array(4 * 1024 * 1024).fill(7)
      peer.send('dec0adde0c00000000004000')
      peer.send(payload)
      await until(() => events.length === 2, [world])
      assert.is(events[1]!.size, payload.length)
      assert.is(events[1]!.buffer, Buffer.from(payload).toString('hex'))
    }),
  )

  it(
    'W14: the end of the stream inside a packet is a disconnect, without data',
    withNet(async (net) => {
      const host = await joined(net)
      const ends = recordEnds(host)
      host.peer.send(helloPacket + helloPacket.slice(0, -2))
      host.peer.end()
      await until(() => host.events.length === 3, [host.world])
      assert.equal(typesOf(host), [NetworkType.connect, NetworkType.data, NetworkType.disconnect])
      assert.equal(messagesOf(host.events), [hello])
      assert.equal(ends, [{ reason: DisconnectReason.closed, discarded: 16 }])
    }),
  )

  it(
    'W14: a reset is a disconnect, once, with its reason',
    withNet(async (net) => {
      const host = await joined(net)
      const ends = recordEnds(host)
      host.peer.reset()
      await until(() => host.events.length === 2, [host.world])
      for (let tick = 0; tick < 3; tick++) NetworkSystem(host.world)
      assert.equal(typesOf(host), [NetworkType.connect, NetworkType.disconnect])
      assert.is(ends[0]!.reason, DisconnectReason.reset)
    }),
  )

  it(
    'W16: a client that never answers is closed after the time limit, without an event',
    withNet(async (net) => {
      const { world, server, port, events } = net.server({}, { handshakeTimeoutMs: 50 })
      const silent = await net.peer(port)
      const halfway = await net.peer(port)
      halfway.send(answer.slice(0, 30))
      const started = performance.now()
      await until(() => silent.isClosed && halfway.isClosed, [world])
      assert.ok(performance.now() - started < 5_000)
      assert.is(silent.takeAll(), greeting)
      assert.is(Socket(world).failedHandshakes[server], 2)
      assert.equal(events, [])
    }),
  )

  it(
    'W16: a client that answered in time is not closed by the time limit',
    withNet(async (net) => {
      const { world, port, events } = net.server({}, { handshakeTimeoutMs: 200 })
      const peer = await net.join(port)
      const silent = await net.peer(port)
      await until(() => silent.isClosed, [world])
      peer.send(helloPacket)
      await until(() => events.length === 2, [world])
      assert.is(events[1]!.buffer, hello)
    }),
  )

  it(
    'W22: sendPacket on a raw link sends the 12 header bytes too, with a hint',
    withNet(async (net) => {
      const { world, port, events } = net.server({ raw: true })
      const peer = await net.peer(port)
      await until(() => events.length === 1, [world])
      assert.is(sendPacket(world, events[0]!.socket!, Buffer.from('hello')), 17)
      assert.is(await peer.take(17), helloPacket)
      sendPacket(world, events[0]!.socket!, Buffer.from('hello'))
      assert.is(await peer.take(17), helloPacket)
      assert.is(net.warnings.length, 1)
    }),
  )

  it(
    'W23: raw sends arrive as their concatenation, both ways',
    withNet(async (net) => {
      const { world, port, events } = net.server({ raw: true })
      const peer = await net.peer(port)
      await until(() => events.length === 1, [world])
      assert.is(sendRaw(world, events[0]!.socket!, Buffer.from('hel')), 3)
      assert.is(sendRaw(world, events[0]!.socket!, Buffer.from('lo')), 2)
      assert.is(await peer.take(5), hello)
      peer.send('dec0')
      peer.send('adde0c')
      await until(() => messagesOf(events).join('') === 'dec0adde0c', [world])
    }),
  )

  it(
    'a raw server connects at once and sends nothing of its own',
    withNet(async (net) => {
      const { world, port, events } = net.server({ raw: true })
      const peer = await net.peer(port)
      await until(() => events.length === 1, [world])
      await turns()
      assert.is(peer.size, 0)
      assert.is(events[0]!.type, NetworkType.connect)
    }),
  )

  it(
    'many clients are told apart',
    withNet(async (net) => {
      const { world, port, events } = net.server()
      const peers = await Promise.all(Array.from({ length: 20 }, () => net.peer(port)))
      await Promise.all(peers.map((peer) => joinServer(peer)))
      for (const [index, peer] of peers.entries()) peer.send(packet(`0${index % 10}`))
      await until(() => events.length === 40, [world])
      const portOf = new Map(events.map((event) => [event.socket, event.port]))
      for (const event of events.filter(({ type }) => type === NetworkType.data)) {
        const index = peers.findIndex(({ localPort }) => localPort === portOf.get(event.id))
        assert.is(event.buffer, `0${index % 10}`)
      }
    }),
  )
})
