import {
  createMemoryDatagrams,
  createServer,
  createSocket,
  createVirtualClock,
  type DatagramEvents,
  type DatagramTransport,
  NetworkError,
  NetworkSystem,
  NetworkType,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { createData } from '../../src/protocol/reliable/reliableDatagram.ts'
import { recordEvents } from '../lib/recordEvents.ts'
import { withNet } from '../lib/withNet.ts'
import { standStill } from '../lib/standStill.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

/** A transport through which a case speaks for any sender, and hears what is answered. */
function createPuppet(): {
  transport: DatagramTransport
  events: () => DatagramEvents
  out: Uint8Array[]
} {
  const inner = createMemoryDatagrams()
  const out: Uint8Array[] = []
  let heard: DatagramEvents | undefined
  const transport: DatagramTransport = {
    ...inner,
    bind(options, events) {
      heard = events
      return {
        localPort: options.port,
        pendingBytes: 0,
        send(bytes) {
          out.push(bytes)
          return 0
        },
        broadcast: () => NetworkError.unreachable,
        setMulticast() {},
        close() {},
      }
    },
  }
  return { transport, events: () => heard!, out }
}

const bytesOf = (datagrams: readonly Uint8Array[]): number =>
  datagrams.reduce((sum, { length }) => sum + length, 0)

memorySpec('UDP and hostile senders', (it) => {
  it('datagrams from port 0, where nobody can be answered, are dropped', (net) => {
    const world = net.world()
    const { transport, events } = createPuppet()
    const server = createServer(world, transport, 4_000)
    const heard = recordEvents(world)
    events().received(Uint8Array.of(1), '192.0.2.1', 0)
    events().received(Uint8Array.of(2), '192.0.2.1', 1)
    NetworkSystem(world)
    assert.equal(
      heard.map(({ buffer, port }) => [buffer, port]),
      [['02', 1]],
    )
    assert.is(Socket(world).dropped[server], 1)
  })

  it('reliable messages from port 0 are dropped too, and begin nothing', (net) => {
    const world = net.world()
    const { transport, events, out } = createPuppet()
    const server = createServer(world, transport, 4_000)
    setNetworkConfig(world, server, { reliable: true })
    const heard = recordEvents(world)
    events().received(createData(1, 0, 0, true, true, Uint8Array.of(7)), '192.0.2.1', 0)
    net.clock.advance(1_000)
    NetworkSystem(world)
    assert.equal(heard, [])
    assert.equal(out, [])
    assert.is(Socket(world).dropped[server], 1)
  })

  it('faults of somebody who never was a peer are not told, however many', (net) => {
    const world = net.world()
    const { transport, events, out } = createPuppet()
    const server = createServer(world, transport, 4_000)
    setNetworkConfig(world, server, { reliable: true })
    const heard = recordEvents(world)
    let bytesIn = 0
    for (let session = 0; session < 10_000; session++) {
      // Not the last fragment, and yet too short.
      const bytes = createData(session, 0, 0, true, false, Uint8Array.of(1))
      bytesIn += bytes.length
      events().received(bytes, '192.0.2.1', 1)
    }
    NetworkSystem(world)
    net.clock.advance(1_000)
    NetworkSystem(world)
    assert.equal(heard, [])
    assert.ok(bytesOf(out) <= bytesIn)
  })

  it('a peer that breaks the protocol is lost once in a tick', (net) => {
    const world = net.world()
    const { transport, events } = createPuppet()
    const server = createServer(world, transport, 4_000)
    setNetworkConfig(world, server, { reliable: true })
    const heard = recordEvents(world)
    events().received(createData(1, 0, 0, true, true, Uint8Array.of(7)), '192.0.2.1', 1)
    for (let session = 2; session < 100; session++)
      events().received(createData(session, 0, 0, true, false, Uint8Array.of(1)), '192.0.2.1', 1)
    NetworkSystem(world)
    assert.equal(
      heard.map(({ type, ip }) => [type, ip]),
      [
        [3, '192.0.2.1'],
        [2, '192.0.2.1'],
      ],
    )
  })

  it('garbage is delivered as plain UDP and never answered', (net) => {
    const world = net.world({ datagramsPerSenderMax: Infinity })
    const { transport, events, out } = createPuppet()
    const server = createServer(world, transport, 4_000)
    setNetworkConfig(world, server, { reliable: true })
    for (let count = 0; count < 1_000; count++)
      events().received(new Uint8Array(count).fill(count), '192.0.2.1', 1 + count)
    net.clock.advance(20_000)
    NetworkSystem(world)
    assert.equal(out, [])
    assert.is(Socket(world).packetsIn[server], 1_000)
  })

  it('a standstill of the program makes no peer one that has been silent for long', (net) => {
    const world = net.world({ sendersMax: 3 })
    const { transport, events } = createPuppet()
    const server = createServer(world, transport, 4_000)
    setNetworkConfig(world, server, { reliable: true })
    const heard = recordEvents(world)
    const begin = (port: number): void =>
      events().received(createData(port, 0, 0, true, true, Uint8Array.of(7)), '192.0.2.1', port)
    const holdPlace = (): void => void sendUdp(world, server, '192.0.2.9', 9, Uint8Array.of(1))
    // A limit runs, so that an hour of a program that stands still does not count.
    holdPlace()
    standStill(net.clock, 3_600_000)
    NetworkSystem(world)
    for (let count = 0; count < 20; count++) net.clock.advance(1_000)
    holdPlace()
    NetworkSystem(world)
    const ports = (): (number | undefined)[] =>
      heard.filter(({ type }) => type === NetworkType.data).map(({ port }) => port)
    for (const port of [1, 2, 3]) begin(port)
    NetworkSystem(world)
    // Those that began a moment ago keep their places.
    assert.equal(ports(), [1, 2])
    net.clock.advance(16_000)
    begin(3)
    NetworkSystem(world)
    assert.equal(ports(), [1, 2, 3])
  })

  it('senders beyond sendersMax share one limit', (net) => {
    const world = net.world({ sendersMax: 1, datagramsPerSenderMax: 5 })
    const { transport, events } = createPuppet()
    const server = createServer(world, transport, 4_000)
    setNetworkConfig(world, server, { reliable: true })
    // Holds the only place.
    sendUdp(world, server, '192.0.2.9', 9, Uint8Array.of(1))
    for (let count = 0; count < 100; count++)
      events().received(Uint8Array.of(count), '192.0.2.1', 1 + count)
    NetworkSystem(world)
    assert.is(Socket(world).packetsIn[server], 5)
    assert.is(Socket(world).dropped[server], 95)
  })

  it('what a random source throws comes out of the tick, not of the transport', (net) => {
    const world = net.world({
      random() {
        throw new Error('no luck')
      },
    })
    const { transport, events } = createPuppet()
    const server = createServer(world, transport, 4_000)
    setNetworkConfig(world, server, { reliable: true })
    events().received(createData(1, 0, 0, true, true, Uint8Array.of(7)), '192.0.2.1', 1)
    assert.throws(() => NetworkSystem(world), 'no luck')
  })
})

spec('reliable UDP by any spelling of an address', (it) => {
  for (const host of ['0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '0.0.0.0', '::', 'localhost'])
    it(
      host,
      withNet(async (net) => {
        const clock = createVirtualClock()
        const [near, far] = [net.world({ clock }), net.world({ clock })]
        const socket = createSocket(near, SocketType.udp)
        const server = createServer(far, SocketType.udp, 0)
        setNetworkConfig(near, socket, { reliable: true })
        setNetworkConfig(far, server, { reliable: true })
        const heard = recordEvents(far)
        const told = recordEvents(near)
        const port = Socket(far).port[server]!
        assert.is(sendUdp(near, socket, host, port, Uint8Array.of(1)), 13)
        await until(
          () => heard.length === 1 && Socket(near).bytesIn[socket]! > 0,
          () => {
            clock.advance(1)
            for (const world of [near, far]) NetworkSystem(world)
          },
        )
        // The acknowledgement was understood to be from whom it was sent to.
        clock.advance(60_000)
        NetworkSystem(near)
        assert.equal(told, [])
      }),
    )
})
