import { type EntityId, type World } from 'bitecs'
import {
  createMemoryDatagrams,
  createSocket,
  type DatagramTransport,
  type NetworkConfig,
  NetworkSystem,
  sendUdpRaw,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
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
