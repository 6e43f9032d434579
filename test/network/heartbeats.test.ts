import { query, type World } from 'bitecs'
import {
  type Connection,
  Connected,
  createMemoryTransport,
  DisconnectReason,
  NetworkSystem,
  sendPacket,
  Socket,
  type Transport,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { type Link, type TestNet } from '../lib/TestNet.ts'
import { standStill } from '../lib/standStill.ts'
import { recordEvents } from '../lib/recordEvents.ts'
import { withMemory } from '../lib/withNet.ts'
import { spec } from '../spec.ts'

/** A memory transport whose accepted ends can ask for a sign of life. */
interface PingTransport extends Transport {
  /** Questions so far. */
  pings: number
  /** Whether peers answer. */
  answers: boolean
}

function createPingTransport(): PingTransport {
  const inner = createMemoryTransport()
  const transport: PingTransport = {
    ...inner,
    pings: 0,
    answers: true,
    listen: (options, events) =>
      inner.listen(
        options,
        withMembers(events, {
          accepted(connection) {
            const told = events.accepted(withMembers<Connection>(connection, { ping }))
            function ping(): void {
              transport.pings++
              if (transport.answers) told.alive()
            }
            return told
          },
        }),
      ),
  }
  return transport
}

/** The same object with some members replaced. */
function withMembers<Target extends object>(target: Target, members: Partial<Target>): Target {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(key in members ? members : target, key)
      return typeof value === 'function' ? (value as () => void).bind(target) : value
    },
  })
}

interface Case extends Link {
  readonly net: TestNet
  readonly transport: PingTransport
  /** Lets this much time pass in ticks of a tenth of a second. */
  readonly play: (ms: number) => void
}

function withPeer(run: (it: Case) => void): () => Promise<void> {
  const transport = createPingTransport()
  return withMemory((net) => {
    const [link] = net.links(1)
    const play = (ms: number): void => {
      for (let passed = 0; passed < ms; passed += 100) {
        net.clock.advance(100)
        NetworkSystem(link!.host)
      }
    }
    play(100)
    run({ ...link!, net, transport, play })
  }, transport)
}

function isConnected(world: World): boolean {
  return query(world, [Connected]).length === 1
}

spec('heartbeats', (it) => {
  it(
    'ask a peer that is silent for 10 s, every 10 s',
    withPeer(({ host, transport, play }) => {
      play(9_000)
      assert.is(transport.pings, 0)
      play(2_000)
      assert.is(transport.pings, 1)
      play(30_000)
      assert.ok(transport.pings >= 3 && transport.pings <= 4, `${transport.pings} questions`)
      assert.ok(isConnected(host))
    }),
  )

  it(
    'do not ask a peer that talks',
    withPeer(({ host, guest, client, transport, play }) => {
      for (let second = 0; second < 30; second++) {
        sendPacket(guest, client, Buffer.from('here'))
        NetworkSystem(guest)
        play(1_000)
      }
      assert.is(transport.pings, 0)
      assert.ok(isConnected(host))
    }),
  )

  it(
    'disconnect a peer that does not answer for 10 s more',
    withPeer(({ host, accepted, transport, play }) => {
      transport.answers = false
      const events = recordEvents(host)
      play(19_500)
      assert.equal(events, [])
      assert.ok(isConnected(host))
      play(2_000)
      assert.equal(
        events.map(({ type, socket }) => [type, socket]),
        [[2, accepted]],
      )
      assert.is(Socket(host).disconnectReason[accepted], DisconnectReason.timedOut)
      assert.is(transport.pings, 1)
    }),
  )

  it(
    'take any word for a sign of life',
    withPeer(({ host, guest, client, transport, play }) => {
      transport.answers = false
      for (let round = 0; round < 4; round++) {
        play(15_000)
        sendPacket(guest, client, Buffer.from('late'))
        NetworkSystem(guest)
      }
      play(1_000)
      assert.ok(isConnected(host))
      assert.is(transport.pings, 4)
    }),
  )

  it(
    'end no peer at the first tick after a long pause',
    withPeer(({ net, host, transport, play }) => {
      transport.answers = false
      play(5_000)
      net.clock.advance(3_600_000)
      assert.is(transport.pings, 0, 'nothing is asked while no tick runs')
      NetworkSystem(host)
      assert.is(transport.pings, 1)
      play(6_000)
      assert.is(transport.pings, 1)
      net.clock.advance(3_600_000)
      NetworkSystem(host)
      assert.ok(isConnected(host))
      transport.answers = true
      play(60_000)
      assert.is(transport.pings, 1, 'it has been ended')
      assert.not(isConnected(host))
    }),
  )

  for (const seconds of [1, 5, 15])
    it(
      `notice a dead peer in time with a tick every ${seconds} s`,
      withPeer(({ net, host, transport }) => {
        transport.answers = false
        let passed = 0
        const wait = (isSo: () => boolean): number => {
          for (; !isSo() && passed < 300; passed += seconds) {
            net.clock.advance(seconds * 1_000)
            NetworkSystem(host)
          }
          return passed
        }
        const asked = wait(() => transport.pings === 1)
        assert.ok(asked >= 10 && asked <= 10 + seconds, `asked after ${asked} s`)
        const ended = wait(() => !isConnected(host)) - asked
        assert.ok(ended >= 10 && ended <= 10 + 2 * seconds, `ended after ${ended} s`)
      }),
    )

  it(
    'do not count a standstill of the program',
    withPeer(({ net, host, transport, play }) => {
      transport.answers = false
      play(11_000)
      assert.is(transport.pings, 1)
      for (let count = 0; count < 5; count++) {
        standStill(net.clock, 3_600_000)
        NetworkSystem(host)
      }
      assert.ok(isConnected(host))
      play(9_000)
      assert.not(isConnected(host))
    }),
  )
})
