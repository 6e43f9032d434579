// A program that is stopped or busy for longer than a time limit: what its peers have sent meanwhile lies unread, and is read
// before the limit is judged.

import { hasComponent } from 'bitecs'
import {
  Connected,
  connectSocket,
  createMemoryDatagrams,
  createServer,
  createSocket,
  createVirtualClock,
  DisconnectReason,
  NetworkError,
  NetworkSystem,
  NetworkType,
  sendRaw,
  sendUdp,
  setNetworkConfig,
  setSocketTimeout,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { helloPacket } from '../lib/gameMaker.ts'
import { HeldConnection, holdConnection } from '../lib/HeldConnection.ts'
import { memorySpec, netSpec } from '../lib/netSpec.ts'
import { recordEvents } from '../lib/recordEvents.ts'
import { clientsOf, portOf } from '../lib/sockets.ts'
import { standStill } from '../lib/standStill.ts'
import { turns, until } from '../lib/until.ts'

const hour = 3_600_000

/** The event loop really turns. */
function setTurn(run: () => void): () => void {
  const immediate = setImmediate(run)
  return () => clearImmediate(immediate)
}

memorySpec('a standstill by memory', (it) => {
  it('fails no handshake of a client, whose time then goes on', async (net) => {
    const host = net.world()
    // A raw server says nothing, so the client waits for a greeting.
    const server = net.serverIn(host, { raw: true })
    const guest = net.world({ connectTimeoutMs: 500 })
    const client = createSocket(guest, net.transport)
    let result: number | undefined
    void connectSocket(guest, client, 'memory', portOf(host, server)).then((it) => (result = it))
    standStill(net.clock, hour)
    await turns()
    assert.is(result, undefined)
    net.clock.advance(500)
    await turns()
    assert.is(result, NetworkError.timedOut)
  })

  it('fails no handshake of a server', (net) => {
    const host = net.world({ handshakeTimeoutMs: 500 })
    const server = net.serverIn(host)
    const guest = net.world()
    // A raw client does not answer the greeting.
    net.clientIn(guest, host, server, { raw: true })
    NetworkSystem(guest)
    standStill(net.clock, hour)
    NetworkSystem(host)
    assert.is(Socket(host).failedHandshakes[server], 0)
    net.clock.advance(500)
    NetworkSystem(host)
    assert.is(Socket(host).failedHandshakes[server], 1)
    assert.equal(clientsOf(host, server), [])
  })

  it('ends no peer that has taken nothing, at the first tick', async (net) => {
    const clock = createVirtualClock()
    const world = net.world({ clock, writeStallMs: 1_000 })
    const events = recordEvents(world)
    const connection = new HeldConnection()
    createServer(world, holdConnection(connection), 1, { raw: true })
    await until(() => events.length === 1, [world])
    sendRaw(world, events[0]!.socket!, new Uint8Array(1_000))
    NetworkSystem(world)
    clock.setTimer(() => {
      clock.advance(hour)
      NetworkSystem(world)
      // The event loop polls: the peer has taken some of it.
      connection.take(500)
    }, 950)
    clock.advance(1_100)
    NetworkSystem(world)
    assert.not(connection.wasReset)
    clock.advance(900)
    NetworkSystem(world)
    assert.not(connection.wasReset)
    clock.advance(200)
    NetworkSystem(world)
    assert.ok(connection.wasReset)
  })

  it('loses no peer of reliable UDP, whose time then goes on', async (net) => {
    const way: (() => void)[] = []
    let isHeld = true
    const transport = createMemoryDatagrams({
      deliver: (_datagram, send) => void (isHeld ? way.push(send) : send()),
    })
    const near = net.world()
    const far = net.world()
    const socket = createSocket(near, transport)
    const server = createServer(far, transport, 6_512)
    setNetworkConfig(near, socket, { reliable: true })
    setNetworkConfig(far, server, { reliable: true })
    const events = recordEvents(near)
    assert.ok(sendUdp(near, socket, '127.0.0.1', 6_512, Uint8Array.of(1)) > 0)
    await turns()
    assert.is(way.length, 1)
    net.clock.advance(8_000)
    const { clock } = net
    clock.setTimer(() => {
      clock.advance(hour)
      // A message that is sent now makes the link run before anything is read.
      sendUdp(near, socket, '127.0.0.1', 6_512, Uint8Array.of(2))
      clock.setTimer(() => (isHeld = false), 0)
    }, 0)
    clock.advance(0)
    await turns()
    NetworkSystem(near)
    assert.equal(events, [])
    clock.advance(600)
    await turns()
    NetworkSystem(near)
    assert.equal(events, [])
    isHeld = true
    sendUdp(near, socket, '127.0.0.1', 6_512, Uint8Array.of(3))
    await turns()
    clock.advance(9_900)
    NetworkSystem(near)
    assert.equal(events, [])
    clock.advance(200)
    NetworkSystem(near)
    assert.equal(
      events.map(({ type }) => type),
      [NetworkType.disconnect],
    )
  })
})

netSpec('a standstill by TCP', (it) => {
  it('fails no connection that is made meanwhile', async (net) => {
    const { port } = await net.listen()
    const world = net.world({ connectTimeoutMs: 400 })
    const client = createSocket(world, net.transport)
    const result = await new Promise<number>((resolve) => {
      setImmediate(() => {
        void connectSocket(world, client, '127.0.0.1', port, { raw: true }).then(resolve)
        const end = performance.now() + 600
        while (performance.now() < end);
      })
    })
    assert.is(result, client)
  })

  it('ends no connection whose packet has come whole meanwhile', async (net) => {
    const clock = createVirtualClock()
    const host = await net.joined({}, { clock: { ...clock, setTurn } })
    const { world, peer, client, events } = host
    setSocketTimeout(world, client, 500, 1_000)
    peer.send(helloPacket.slice(0, 20))
    const read = Socket(world).bytesIn[client]!
    await until(() => Socket(world).bytesIn[client] === read + 10, [world])
    for (let count = 0; count < 4; count++) {
      clock.advance(100)
      await turns()
    }
    peer.send(helloPacket.slice(20))
    // The rest lies unread at the tick.
    standStill(clock, hour)
    NetworkSystem(world)
    assert.ok(hasComponent(world, client, Connected))
    await until(() => events.length === 2, [world])
    assert.is(events[1]!.type, NetworkType.data)
  })

  it('ends a connection whose packet stays unfinished, a limit of turning later', async (net) => {
    const clock = createVirtualClock()
    const { world, peer, client } = await net.joined({}, { clock })
    setSocketTimeout(world, client, 2_000, 5_000)
    peer.send(helloPacket.slice(0, 20))
    const read = Socket(world).bytesIn[client]!
    await until(() => Socket(world).bytesIn[client] === read + 10, [world])
    for (let count = 0; count < 3; count++) standStill(clock, hour)
    NetworkSystem(world)
    assert.ok(hasComponent(world, client, Connected))
    clock.advance(2_000)
    NetworkSystem(world)
    assert.is(Socket(world).disconnectReason[client], DisconnectReason.timedOut)
  })
})
