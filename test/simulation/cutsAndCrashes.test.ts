// Crashes, cuts and machines that are not there: what is noticed of them, when, and that nothing of them stays.

import { type EntityId, hasComponent, resetWorld, type World } from 'bitecs'
import {
  Connected,
  Connecting,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  Disconnected,
  DisconnectReason,
  NetworkError,
  NetworkType,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { messagesOf, recordEnds, recordEvents } from '../lib/recordEvents.ts'
import { clientsOf } from '../lib/sockets.ts'
import { spec } from '../spec.ts'
import { Lab } from './Lab.ts'

const { tcp, ws, udp } = SocketType

/** How a new client socket fails to connect, and after how long. */
function failureOf(
  lab: Lab,
  world: World,
  host: string,
  type: SocketType = tcp,
): { readonly error: number; readonly ms: number } {
  const socket = createSocket(world, type)
  void connectSocket(world, socket, host, 6510)
  const ms = lab.until(() => hasComponent(world, socket, Disconnected), 10_000)
  return { error: Socket(world).connectError[socket]!, ms }
}

spec('faults in memory', (it) => {
  for (const type of [tcp, ws])
    it(
      `a crash ends the connection of a silent peer after 20 s at most: type ${type}`,
      Lab.with((lab) => {
        const [host, guest] = [lab.world(), lab.world()]
        const { accepted } = lab.link(host, guest, type)
        const events = recordEvents(host)
        lab.network.crash(guest)
        const ms = lab.until(() => events.length > 0, 21_000)
        // WebSocket: the first ping meets a machine that knows nothing of it. TCP: keep-alive.
        assert.ok(type === tcp ? ms > 19_900 : ms > 9_900 && ms < 10_100, `${ms} ms`)
        assert.is(events[0]!.type, NetworkType.disconnect)
        assert.is(events[0]!.socket, accepted)
        lab.pass(100)
        assert.is(events.length, 1)
        assert.is(lab.network.onTheirWay, 0)
      }),
    )

  for (const type of [tcp, ws])
    it(
      `nobody answers at a machine that has crashed, nor at an address without one: type ${type}`,
      Lab.with((lab) => {
        const host = lab.world({ ip: '10.0.0.1', names: ['one.example'] })
        const guest = lab.world({ ip: '10.0.0.2' })
        assert.ok(createServer(host, type, 6510) > 0)
        lab.network.crash(host)
        for (const address of ['10.0.0.1', 'one.example', '10.0.0.9']) {
          const { error, ms } = failureOf(lab, guest, address, type)
          assert.is(error, NetworkError.timedOut)
          assert.ok(ms >= 4_000 && ms < 4_200, `${ms} ms`)
        }
        assert.is(failureOf(lab, guest, 'two.example', type).error, NetworkError.hostNotFound)
        assert.is(lab.network.onTheirWay, 0)
      }),
    )

  it(
    'a world that has crashed reaches nothing until it joins again',
    Lab.with((lab) => {
      const [host, guest] = [lab.world(), lab.world()]
      assert.ok(createServer(host, tcp, 6510) > 0)
      const socket = createSocket(guest, udp)
      lab.network.crash(guest)
      assert.is(failureOf(lab, guest, '127.0.0.1').error, NetworkError.unreachable)
      assert.is(createServer(guest, tcp, 6511), NetworkError.unreachable)
      assert.is(createSocket(guest, udp), NetworkError.unreachable)
      const server = createServer(host, udp, 6510)
      const events = recordEvents(host, server)
      sendUdp(guest, socket, '127.0.0.1', 6510, 'lost')
      lab.network.join(guest)
      sendUdp(guest, createSocket(guest, udp), '127.0.0.1', 6510, 'heard')
      lab.pass(1)
      assert.equal(messagesOf(events), ['686561726400'])
      // All its ports are free.
      assert.ok(createServer(guest, tcp, 6511) > 0)
    }),
  )

  it(
    'what waited for a line to be healed goes on when the machine at its end has crashed',
    Lab.with((lab) => {
      const [host, guest] = [lab.world(), lab.world()]
      const { accepted } = lab.link(host, guest)
      const events = recordEvents(host)
      const ends = recordEnds(host)
      lab.network.cut({ from: host, to: guest })
      sendPacket(host, accepted, 'are you there?')
      lab.pass(10)
      lab.network.crash(guest)
      lab.pass(1_000)
      assert.equal(events, [])
      lab.network.heal({ from: host })
      lab.until(() => events.length === 1, 5_000)
      assert.equal(
        ends.map(({ reason }) => reason),
        [DisconnectReason.reset],
      )
      lab.pass(100)
      assert.is(lab.network.onTheirWay, 0)
    }),
  )

  it(
    'the port of a connection is free when it has ended, whoever ended it',
    Lab.with((lab) => {
      const host = lab.world({ ip: '10.0.0.1' })
      const guest = lab.world({ ip: '10.0.0.2' })
      const port = 50_000
      const connect = (address: string): EntityId => {
        const socket = createSocket(guest, tcp, port)
        void connectSocket(guest, socket, address, 6510)
        lab.until(() => !hasComponent(guest, socket, Connecting), 5_000)
        return socket
      }
      const errorOf = (socket: EntityId): number => Socket(guest).connectError[socket]!
      assert.is(errorOf(connect('10.0.0.1')), NetworkError.refused)
      assert.is(errorOf(connect('10.0.0.9')), NetworkError.timedOut)
      const server = createServer(host, tcp, 6510)
      const first = connect('10.0.0.1')
      assert.is(errorOf(connect('10.0.0.1')), NetworkError.portUnavailable)
      destroySocket(guest, first)
      const second = connect('10.0.0.1')
      assert.ok(hasComponent(guest, second, Connected))
      lab.pass(1)
      destroySocket(host, clientsOf(host, server).at(-1)!)
      lab.until(() => hasComponent(guest, second, Disconnected), 10)
      const third = connect('10.0.0.1')
      assert.ok(hasComponent(guest, third, Connected))
      lab.network.crash(host)
      sendPacket(guest, third, 'are you there?')
      lab.until(() => hasComponent(guest, third, Disconnected), 10)
      assert.is(errorOf(connect('10.0.0.1')), NetworkError.timedOut)
    }),
  )

  it(
    'nothing is on its way on a line that is cut',
    Lab.with((lab) => {
      const [host, guest] = [lab.world(), lab.world()]
      lab.link(host, guest)
      lab.network.cut()
      assert.is(lab.network.onTheirWay, 0)
    }),
  )

  it(
    'a crash while connecting is as no answer',
    Lab.with(
      (lab) => {
        const host = lab.world({ ip: '10.0.0.1' })
        const guest = lab.world({ ip: '10.0.0.2' })
        assert.ok(createServer(host, tcp, 6510) > 0)
        const socket = createSocket(guest, tcp)
        void connectSocket(guest, socket, '10.0.0.1', 6510)
        lab.pass(20)
        lab.network.crash(host)
        lab.until(() => hasComponent(guest, socket, Disconnected), 5_000)
        assert.is(Socket(guest).connectError[socket], NetworkError.timedOut)
        lab.pass(25_000)
        assert.is(lab.network.onTheirWay, 0)
      },
      { latencyMs: 50 },
    ),
  )

  it(
    'a cut during a handshake is as no answer, and a short one only a delay',
    Lab.with(
      (lab) => {
        const [host, guest] = [lab.world(), lab.world()]
        const server = createServer(host, tcp, 6510)
        const connect = (cutMs: number): number => {
          const socket = createSocket(guest, tcp)
          void connectSocket(guest, socket, '127.0.0.1', 6510)
          lab.pass(60)
          lab.network.cut()
          lab.pass(cutMs)
          lab.network.heal()
          lab.until(() => !hasComponent(guest, socket, Connected) || cutMs < 4_000)
          lab.pass(3_000)
          return Socket(guest).connectError[socket]!
        }
        assert.is(connect(500), 0)
        assert.is(connect(5_000), NetworkError.timedOut)
        lab.pass(20_000)
        assert.is(Socket(host).failedHandshakes[server], 1)
        assert.is(lab.network.onTheirWay, 0)
      },
      { latencyMs: 50 },
    ),
  )

  it(
    'a world that was reset joins again',
    Lab.with((lab) => {
      const [host, guest] = [lab.world(), lab.world()]
      assert.ok(createServer(host, tcp, 6510) > 0)
      resetWorld(host)
      lab.network.join(host)
      assert.throws(() => lab.network.join(host), /has joined already/)
      lab.link(host, guest)
    }),
  )

  it(
    'a port of the loopback addresses is reached from its machine alone',
    Lab.with((lab) => {
      const host = lab.world({ ip: '10.0.0.1' })
      const other = lab.world({ ip: '10.0.0.2' })
      const neighbour = lab.world({ ip: '10.0.0.1' })
      assert.ok(createServer(host, tcp, 6510, { host: '127.0.0.1' }) > 0)
      const server = createServer(host, udp, 6510, { host: '127.0.0.1' })
      const events = recordEvents(host, server)
      assert.is(failureOf(lab, other, '10.0.0.1').error, NetworkError.refused)
      const socket = createSocket(neighbour, tcp)
      void connectSocket(neighbour, socket, 'localhost', 6510)
      lab.until(() => hasComponent(neighbour, socket, Connected), 10)
      for (const world of [other, neighbour])
        sendUdp(world, createSocket(world, udp), '10.0.0.1', 6510, 'hello')
      lab.pass(1)
      assert.is(events.length, 1)
    }),
  )

  it(
    'names and reliable messages need no turn of the event loop',
    Lab.with((lab) => {
      const host = lab.world({ ip: '10.0.0.1', names: ['arena.example'] })
      const guest = lab.world({ ip: '10.0.0.2' })
      const server = createServer(host, udp, 6510)
      const socket = createSocket(guest, udp)
      setNetworkConfig(host, server, { reliable: 'ordered' })
      setNetworkConfig(guest, socket, { reliable: 'ordered' })
      const events = recordEvents(host)
      void connectSocket(guest, socket, 'arena.example', 6510)
      sendPacket(guest, socket, 'one')
      sendUdp(guest, socket, 'arena.example', 6510, 'two')
      lab.pass(2)
      assert.equal(
        messagesOf(events),
        ['one\0', 'two\0'].map((text) => Buffer.from(text).toString('hex')),
      )
      assert.is(sendUdp(guest, socket, 'nowhere.example', 6510, 'x'), NetworkError.hostNotFound)
      // Lost, as on every network.
      assert.ok(sendUdp(guest, socket, '10.0.0.9', 6510, 'x') > 0)
    }),
  )

  it(
    'refuses what it does not know of machines and directions',
    Lab.with((lab) => {
      const world = lab.world()
      const { network } = lab
      const wrong = [
        () => lab.world({ ip: 'server' }),
        () => lab.world({ ip: 'localhost' }),
        () => lab.world({ names: [''] }),
        () => network.cut({ form: world } as never),
        () => network.heal({ at: world } as never),
        () => network.setConditions({}, { of: world } as never),
        () => network.setConditions(null as never),
        () => network.setConditions({}, null as never),
      ]
      for (const each of wrong) assert.throws(each, (error: unknown) => error instanceof TypeError)
      for (const conditions of [
        { latencyMs: NaN },
        { mtu: 0 },
        { bytesPerSecond: 0 },
        { sliceBytes: 0 },
      ])
        assert.throws(
          () => network.setConditions(conditions),
          (error: unknown) => error instanceof RangeError,
        )
    }),
  )
})
