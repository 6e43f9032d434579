import { type EntityId, type World } from 'bitecs'
import {
  broadcast,
  createMemoryDatagrams,
  createSocket,
  type DatagramTransport,
  type NetworkConfig,
  NetworkError,
  NetworkSystem,
  sendUdp,
  sendUdpRaw,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { withMemory } from '../lib/withNet.ts'
import { type EventCopy } from '../lib/recordEvents.ts'
import { spec } from '../spec.ts'

interface Case {
  readonly world: World
  readonly server: EntityId
  readonly events: EventCopy[]
  /** A sender of its own port. It sends this byte as often as told. */
  readonly sender: () => (byte: number, count: number) => void
  /** What has been heard since last asked: each byte and how often. */
  readonly heard: () => Record<number, number>
}

function withServer(config: Partial<NetworkConfig>, run: (it: Case) => void): () => Promise<void> {
  const datagrams: DatagramTransport = createMemoryDatagrams()
  return withMemory((net) => {
    const { world, server, port, events } = net.server({}, config)
    const guest = net.world()
    run({
      world,
      server,
      events,
      sender() {
        const socket = createSocket(guest, datagrams)
        return (byte, count) => {
          for (let sent = 0; sent < count; sent++)
            sendUdpRaw(guest, socket, '127.0.0.1', port, Uint8Array.of(byte))
        }
      },
      heard() {
        const counts: Record<number, number> = {}
        for (const { buffer } of events.splice(0)) {
          const byte = Number.parseInt(buffer!, 16)
          counts[byte] = (counts[byte] ?? 0) + 1
        }
        return counts
      },
    })
  }, datagrams)
}

/** Datagrams of an endpoint like Node's that the operating system takes nothing of. */
function createStuckDatagrams(): DatagramTransport {
  const sound = createMemoryDatagrams()
  return {
    ...sound,
    bind() {
      const pending: Uint8Array[] = []
      return {
        localPort: 4_000,
        get pendingBytes() {
          return pending.reduce((sum, { length }) => sum + length, 0)
        },
        get pendingCount() {
          return pending.length
        },
        send: (bytes) => (pending.push(bytes), 0),
        broadcast: (bytes) => pending.push(bytes),
        setMulticast() {},
        close() {},
      }
    },
  }
}

memorySpec('UDP datagrams that wait to leave', (it) => {
  for (const [name, send] of Object.entries({
    sendUdpRaw: (world: World, socket: EntityId) =>
      sendUdpRaw(world, socket, '127.0.0.1', 9, new Uint8Array(0)),
    sendUdp: (world: World, socket: EntityId) =>
      sendUdp(world, socket, '127.0.0.1', 9, new Uint8Array(0)),
    broadcast: (world: World, socket: EntityId) => broadcast(world, socket, 9, new Uint8Array(0)),
  }))
    it(`are bounded though they are empty: ${name}`, (net) => {
      const world = net.world({ clientSendQueueBytesMax: 12_000 })
      const socket = createSocket(world, createStuckDatagrams())
      let taken = 0
      while (send(world, socket) >= 0 && taken < 2_000) taken++
      assert.is(send(world, socket), NetworkError.sendQueueFull)
      // 12 bytes for each besides its own, which of `sendUdp` and `broadcast` are the packet's header.
      assert.is(taken, name === 'sendUdpRaw' ? 1_000 : 500)
    })
})

spec('UDP limits', (it) => {
  it(
    'a sender has 64 datagrams in a tick, and takes nothing from others',
    withServer({}, ({ world, server, sender, heard }) => {
      const loud = sender()
      const gentle = sender()
      loud(1, 1_000)
      gentle(2, 64)
      NetworkSystem(world)
      assert.equal(heard(), { 1: 64, 2: 64 })
      assert.is(Socket(world).dropped[server], 936)
      assert.is(Socket(world).packetsIn[server], 128)
      loud(1, 10)
      NetworkSystem(world)
      assert.equal(heard(), { 1: 10 })
      assert.is(Socket(world).dropped[server], 936)
    }),
  )

  it(
    'a tick takes the datagrams of all senders together, beyond eventsPerSocketMax',
    withServer({ eventsPerSocketMax: 8 }, ({ world, sender, heard }) => {
      for (let byte = 1; byte <= 5; byte++) sender()(byte, 20)
      NetworkSystem(world)
      assert.equal(heard(), { 1: 20, 2: 20, 3: 20, 4: 20, 5: 20 })
    }),
  )

  it(
    'what is beyond eventsPerTickMax comes in the next ticks, in order',
    withServer({ eventsPerTickMax: 30 }, ({ world, sender, heard, events }) => {
      sender()(1, 40)
      sender()(2, 40)
      NetworkSystem(world)
      assert.equal(heard(), { 1: 30 })
      NetworkSystem(world)
      assert.equal(
        events.map(({ buffer }) => buffer),
        [...Array(10).fill('01'), ...Array(20).fill('02')],
      )
      assert.equal(heard(), { 1: 10, 2: 20 })
      NetworkSystem(world)
      assert.equal(heard(), { 2: 20 })
    }),
  )

  it(
    'no more waits than datagramQueueBytesMax, whoever sends',
    withServer({ datagramQueueBytesMax: 129 * 100 }, ({ world, server, sender, heard }) => {
      for (let count = 0; count < 10; count++) sender()(count, 20)
      NetworkSystem(world)
      assert.equal(heard(), { 0: 20, 1: 20, 2: 20, 3: 20, 4: 20 })
      assert.is(Socket(world).dropped[server], 100)
      sender()(7, 20)
      NetworkSystem(world)
      assert.equal(heard(), { 7: 20 })
    }),
  )

  it(
    'the sender not heard for longest is forgotten, not one that goes on',
    withServer({ sendersMax: 2, datagramsPerSenderMax: 5 }, ({ world, server, sender, heard }) => {
      const [a, b, c] = [sender(), sender(), sender()]
      a(1, 5)
      b(2, 5)
      NetworkSystem(world)
      a(1, 5)
      // Takes the place of b, which is then a new sender and takes that of a.
      c(3, 5)
      a(1, 1)
      assert.is(Socket(world).dropped[server], 1)
      NetworkSystem(world)
      assert.equal(heard(), { 1: 10, 2: 5, 3: 5 })
      assert.is(Socket(world).dropped[server], 1)
    }),
  )
})
