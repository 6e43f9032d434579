import { query } from 'bitecs'
import {
  AcceptedBy,
  connectSocket,
  createServer,
  destroySocket,
  DisconnectReason,
  NetworkError,
  NetworkSystem,
  NetworkType,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { type HandEnd, HandTransport, hexBytes } from '../lib/HandTransport.ts'
import { memorySpec, netSpec } from '../lib/netSpec.ts'
import { type RawPeer } from '../lib/RawPeer.ts'
import { clientsOf } from '../lib/sockets.ts'
import { answer, greeting, helloPacket, packet, u32 } from '../lib/gameMaker.ts'
import { messagesOf, typesOf } from '../lib/recordEvents.ts'
import { turns, until } from '../lib/until.ts'

const mebibyte = 1024 * 1024

function arrayBuffers(): number {
  globalThis.gc?.()
  return process.memoryUsage().arrayBuffers
}

netSpec('maxClients over TCP', (it) => {
  it('the one too many is closed without greeting and without event, and counted', async (net) => {
    const { world, server, port, events } = net.server({ maxClients: 2 })
    const first = await net.join(port)
    await net.join(port)
    for (let count = 1; count <= 3; count++) {
      const late = await net.peer(port)
      await until(() => late.hasEnded || late.isClosed, [world])
      assert.is(late.takeAll(), '')
      assert.is(Socket(world).refused[server], count)
    }
    first.send(helloPacket)
    await until(() => events.length === 3, [world])
    assert.equal(typesOf(events), [NetworkType.connect, NetworkType.connect, NetworkType.data])
    assert.is(query(world, [AcceptedBy(server)]).length, 2)
    assert.is(Socket(world).failedHandshakes[server], 0)
  })

  it('a client of ours is told that the connection was closed', async (net) => {
    const { port } = net.server({ maxClients: 0 })
    const { world, socket } = net.client()
    assert.is(await connectSocket(world, socket, '127.0.0.1', port), NetworkError.connectionClosed)
  })

  for (const how of ['leaves', 'is destroyed'] as const)
    it(`a place is free again when a client ${how}`, async (net) => {
      const { world, server, port, events } = net.server({ maxClients: 1 })
      for (let round = 0; round < 3; round++) {
        events.length = 0
        const peer = await net.join(port)
        await until(() => events.length === 1, [world])
        if (how === 'leaves') {
          peer.close()
          await until(() => events.length === 2, [world])
        } else destroySocket(world, events[0]!.socket!)
      }
      assert.is(Socket(world).refused[server], 0)
    })

  it('unfinished handshakes take no place', async (net) => {
    const { world, server, port, events } = net.server({ maxClients: 1 })
    const silent = await net.peers(port, 5)
    await Promise.all(silent.map((peer) => peer.take(18)))
    await net.join(port)
    await until(() => events.length === 1, [world])
    // Those who greet now find the place taken.
    for (const peer of silent) peer.send(answer)
    await until(() => silent.every((peer) => peer.hasEnded || peer.isClosed), [world])
    for (const peer of silent) assert.is(peer.takeAll(), '')
    assert.is(Socket(world).refused[server], 5)
    assert.is(events.length, 1)
  })

  it('there are never more than maxClients, however many answer at once', async (net) => {
    const { world, server, port, events } = net.server({ maxClients: 3 })
    const peers = await net.peers(port, 30)
    for (const peer of peers) peer.send(answer)
    let most = 0
    await until(
      () => Socket(world).refused[server] === 27,
      () => {
        NetworkSystem(world)
        most = Math.max(most, query(world, [AcceptedBy(server)]).length)
      },
    )
    NetworkSystem(world)
    assert.is(most, 3)
    assert.equal(typesOf(events), [NetworkType.connect, NetworkType.connect, NetworkType.connect])
  })
})

netSpec('floods over TCP', (it) => {
  it('one peer sends 20,000 packets: 256 of them a tick, in order, and others are heard meanwhile', async (net) => {
    const { world, port, events } = net.server()
    const flooder = await net.join(port)
    const others = await net.joins(port, 5)
    await until(() => events.length === 6, [world])
    const clientOf = new Map(events.map((event) => [event.port, event.socket!]))
    const flooding = clientOf.get(flooder.localPort)!
    events.length = 0

    const total = 20_000
    flooder.send(Array.from({ length: total }, (_, index) => packet(u32(index))).join(''))
    const received: string[] = []
    const perTick: number[] = []
    let sentByOthers = 0
    let heardFromOthers = 0
    let ticksWithBoth = 0
    await until(
      () => received.length >= total,
      () => {
        if (heardFromOthers === sentByOthers) {
          for (const peer of others) peer.send(packet(u32(sentByOthers)))
          sentByOthers += others.length
        }
        NetworkSystem(world)
        const flood = messagesOf(events, flooding)
        const heard = events.length - flood.length
        received.push(...flood)
        perTick.push(flood.length)
        heardFromOthers += heard
        if (flood.length === 256 && heard > 0) ticksWithBoth++
        events.length = 0
      },
      20_000,
    )
    assert.equal(
      received,
      Array.from({ length: total }, (_, index) => u32(index)),
    )
    assert.is(Math.max(...perTick), 256)
    // A round of the others takes a few turns of the event loop; the flood takes at least 79 ticks.
    assert.ok(ticksWithBoth >= 5, `${ticksWithBoth} ticks with both`)
    await until(() => messagesOf(events).length >= sentByOthers - heardFromOthers, [world])
  })

  it('the budget of a tick is shared among all that flood', async (net) => {
    const { world, port, events } = net.server({}, { eventsPerTickMax: 64 })
    const peers = await net.joins(port, 4)
    await until(() => events.length === 4, [world])
    const clients = events.map((event) => event.socket!)
    events.length = 0
    const total = 1_000
    for (const peer of peers)
      peer.send(Array.from({ length: total }, (_, index) => packet(u32(index))).join(''))
    let most = 0
    await until(
      () => events.length === 4 * total,
      () => {
        const before = events.length
        NetworkSystem(world)
        most = Math.max(most, events.length - before)
      },
    )
    assert.is(most, 64)
    const sent = Array.from({ length: total }, (_, index) => u32(index))
    for (const client of clients) assert.equal(messagesOf(events, client), sent)
  })

  it('R-06: an unfinished packet in single bytes holds no more memory than its bytes', async (net) => {
    const { world, events, peer } = await net.joined()
    const size = 20_000
    peer.send('dec0adde0c000000204e0000')
    const before = arrayBuffers()
    const byte = Uint8Array.of(7)
    for (let count = 1; count < size; count++) {
      peer.send(byte)
      if (count % 2 === 0) await turns(1)
    }
    const grown = arrayBuffers() - before
    assert.ok(grown <= 1 * mebibyte, `${grown} bytes`)
    assert.is(events.length, 1)
    peer.send(byte)
    await until(() => events.length === 2, [world])
    assert.is(events[1]!.buffer, '07'.repeat(size))
  })
})

netSpec('handshakes that never end', (it) => {
  it('beyond the limit of open handshakes the oldest ends and is counted, players get in, and time frees the rest', async (net) => {
    const { world, server, port, events } = net.server(
      { maxClients: 4 },
      { handshakeTimeoutMs: 2_000 },
    )
    const silent: RawPeer[] = []
    // One after the other, so that it is known which is the oldest.
    for (let count = 0; count < 64; count++) {
      const peer = await net.peer(port)
      await until(() => peer.size === 18)
      silent.push(peer)
    }
    await net.join(port)
    await until(() => silent[0]!.isClosed, [world])
    assert.is(silent.filter((peer) => peer.isClosed).length, 1)
    assert.is(Socket(world).failedHandshakes[server], 1)
    assert.is(Socket(world).refused[server], 0)
    await until(() => events.length === 1, [world])
    await until(() => silent.every((peer) => peer.isClosed), [world])
    for (const peer of silent) assert.is(peer.takeAll(), greeting)
    assert.is(Socket(world).failedHandshakes[server], 64)
  })

  it('a handshake that is done is never ended for those that are not, however many come', async (net) => {
    const { world, server, port, events } = net.server({ maxClients: 4 })
    const players = await net.joins(port, 4)
    await until(() => events.length === 4, [world])
    // The house is full: these get no greeting.
    const late = await net.peers(port, 100)
    await until(() => late.every((peer) => peer.hasEnded || peer.isClosed), [world])
    for (const player of players) player.send(helloPacket)
    await until(() => events.length === 8, [world])
    assert.is(Socket(world).refused[server], 100)
  })
})

/** Accepts a connection from an address. It says nothing by itself. */
function accept(transport: HandTransport, remoteIp: string): HandEnd {
  const end = transport.accept(remoteIp)
  assert.is(end.connection.writes.length, 1)
  return end
}

memorySpec('connections of several addresses whose handshake does not end', (it) => {
  const sizeMax = 64

  it('the address that has most loses its oldest, and others are left alone', (net) => {
    const transport = new HandTransport()
    const world = net.world()
    const server = createServer(world, transport, 0, { maxClients: 8 })
    const player = accept(transport, '10.0.0.1')
    const flood = Array.from({ length: 500 }, () => accept(transport, '10.0.0.2'))
    assert.is(player.connection.ended, '')
    const left = flood.filter(({ connection }) => connection.ended === '')
    assert.is(left.length, sizeMax - 1)
    assert.equal(left, flood.slice(-left.length))
    const { failedHandshakes, refused } = Socket(world)
    assert.is(failedHandshakes[server], 500 - left.length)
    assert.is(refused[server], 0)
    // It is in time, though it came first of all.
    player.events.received(hexBytes(answer))
    NetworkSystem(world)
    assert.is(clientsOf(world, server).length, 1)
  })

  it('among addresses with one each the oldest goes', (net) => {
    const transport = new HandTransport()
    createServer(net.world(), transport, 0, { maxClients: 1 })
    const all = Array.from({ length: 200 }, (_, index) => accept(transport, `10.0.0.${index}`))
    assert.equal(
      all.filter(({ connection }) => connection.ended === ''),
      all.slice(-sizeMax),
    )
  })

  it('places are given back by those who finish, leave, or are late', (net) => {
    const transport = new HandTransport()
    const world = net.world({ handshakeTimeoutMs: 1_000 })
    const server = createServer(world, transport, 0, { maxClients: 10_000 })
    for (let round = 0; round < 3; round++) {
      const ends = Array.from({ length: 900 }, (_, index) =>
        accept(transport, `10.0.0.${index % 7}`),
      )
      for (const { events } of ends.slice(0, 300)) events.received(hexBytes(answer))
      for (const { events } of ends.slice(300, 600)) events.ended(DisconnectReason.reset)
      net.clock.advance(1_000)
      assert.is(ends.filter(({ connection }) => connection.ended !== '').length, 300)
    }
    assert.is(Socket(world).failedHandshakes[server], 3 * 600)
  })
})
