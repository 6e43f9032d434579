import {
  createMemoryTransport,
  destroySocket,
  flushNetwork,
  NetworkError,
  NetworkSystem,
  sendPacket,
  sendRaw,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { onEach, textOf } from '../lib/recordEvents.ts'
import { withMemory } from '../lib/withNet.ts'
import { spec } from '../spec.ts'
import { type World } from 'bitecs'

const message = Buffer.alloc(988, 'm')

/** Sends until the queue is full; returns how many messages were taken. */
function fill(world: World, socket: number): number {
  for (let count = 0; count < 100_000; count++) {
    const result = sendPacket(world, socket, message)
    if (result < 0) {
      assert.is(result, NetworkError.sendQueueFull)
      return count
    }
    assert.is(result, 1_000)
    flushNetwork(world)
  }
  throw new Error('never full')
}

spec('back-pressure of empty messages', (it) => {
  it(
    'a queue is full of them too, before and after they were handed over',
    withMemory(
      (net) => {
        const host = net.world({ queuedEventsMax: 4 })
        const guest = net.world({ clientSendQueueBytesMax: 12_000 })
        const server = net.serverIn(host, { raw: true })
        const { client } = net.link(host, server, guest, { raw: true })
        const nothing = new Uint8Array(0)
        let taken = 0
        while (sendRaw(guest, client, nothing) === 0 && taken < 5_000) {
          taken++
          if (taken % 2 === 0) flushNetwork(guest)
        }
        assert.is(sendRaw(guest, client, nothing), NetworkError.sendQueueFull)
        assert.ok(taken > 990 && taken < 1_010, `${taken} empty messages were taken`)
      },
      createMemoryTransport({ boundaries: 'message' }),
    ),
  )
})

memorySpec('back-pressure over memory', (it) => {
  it('a world that does not tick stops its peer at the cap; every message that was taken arrives', (net) => {
    const host = net.world({ queuedEventsMax: 4, eventsPerSocketMax: 2 })
    const guest = net.world({ clientSendQueueBytesMax: 50_000 })
    const { client } = net.link(host, net.serverIn(host), guest)
    let count = 0
    onEach(host, (load) => {
      count++
      assert.is(textOf(load).length, message.length)
    })
    // 4 wait at the host, 50 in the client's queue, whose cap is looked at before each send.
    assert.is(fill(guest, client), 54)
    assert.is(sendPacket(guest, client, message), NetworkError.sendQueueFull)
    NetworkSystem(host)
    assert.is(count, 2)
    let taken = 54
    for (let tick = 0; tick < 100; tick++) {
      while (sendPacket(guest, client, message) >= 0) {
        taken++
        flushNetwork(guest)
      }
      NetworkSystem(host)
    }
    for (let tick = 0; tick < 100; tick++) NetworkSystem(host)
    assert.is(count, taken)
    assert.ok(taken > 200, 'it flows')
  })

  it('the cap of an accepted socket is its own', (net) => {
    const host = net.world({ acceptedSendQueueBytesMax: 10_000 })
    const guest = net.world({ queuedEventsMax: 1 })
    const server = net.serverIn(host)
    const { accepted } = net.link(host, server, guest)
    const other = net.link(host, server)
    assert.is(fill(host, accepted), 11)
    assert.is(sendPacket(host, [accepted, other.accepted], message), 1)
    let count = 0
    onEach(other.guest, () => count++)
    flushNetwork(host)
    NetworkSystem(other.guest)
    assert.is(count, 1)
  })

  it('queuedBytesMax stops a peer as well as queuedEventsMax does', (net) => {
    const host = net.world({ queuedBytesMax: 1, acceptedMessageBytesMax: 10_000 })
    const guest = net.world({ clientSendQueueBytesMax: 20_000 })
    const { client } = net.link(host, net.serverIn(host), guest)
    const taken = fill(guest, client)
    // The message limit is the least that waits: 10,000 bytes of 1,128 each (with what an event costs).
    assert.is(taken, 9 + 20)
  })

  it('a peer that closes while it is stopped: all that it had sent, then the disconnect event', (net) => {
    const host = net.world({ queuedEventsMax: 2 })
    const guest = net.world({ clientSendQueueBytesMax: 30_000 })
    const { client, accepted } = net.link(host, net.serverIn(host), guest)
    const seen: number[] = []
    onEach(host, (load) => seen.push(load.type))
    const taken = fill(guest, client)
    destroySocket(guest, client)
    for (let tick = 0; tick < 100; tick++) NetworkSystem(host)
    assert.equal(seen, [...Array.from({ length: taken }, () => 3), 2])
    assert.is(sendPacket(host, accepted, message), NetworkError.unknownSocket)
  })

  it('a peer that takes nothing for writeStallMs is ended', (net) => {
    const host = net.world({ writeStallMs: 1_000 })
    const guest = net.world({ queuedEventsMax: 1 })
    const { accepted } = net.link(host, net.serverIn(host), guest)
    const seen: number[] = []
    onEach(host, (load) => seen.push(load.type))
    for (let index = 0; index < 3; index++) {
      assert.is(sendPacket(host, accepted, message), 1_000)
      flushNetwork(host)
    }
    NetworkSystem(host)
    net.clock.advance(999)
    NetworkSystem(host)
    assert.equal(seen, [])
    net.clock.advance(1)
    NetworkSystem(host)
    assert.equal(seen, [2])
  })

  it('many sockets of a stopped world are stopped each for itself', (net) => {
    const host = net.world({ queuedEventsMax: 3 })
    const server = net.serverIn(host)
    const links = Array.from({ length: 20 }, () =>
      net.link(host, server, net.world({ clientSendQueueBytesMax: 5_000 })),
    )
    const counts = new Map<number, number>()
    onEach(host, (load) => counts.set(load.id, (counts.get(load.id) ?? 0) + 1))
    for (const { guest, client } of links) assert.is(fill(guest, client), 8)
    for (let tick = 0; tick < 10; tick++) NetworkSystem(host)
    for (const { accepted } of links) assert.is(counts.get(accepted), 8)
  })
})
