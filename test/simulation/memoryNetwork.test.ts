// A network in memory as a game meets it: time, cuts, crashes, machines, and the same again.

import { type EntityId, hasComponent, type World } from 'bitecs'
import {
  Connected,
  connectSocket,
  createServer,
  createSocket,
  Disconnected,
  DisconnectReason,
  NetworkError,
  NetworkType,
  sendPacket,
  sendUdp,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createHash } from 'node:crypto'
import * as assert from 'uvu/assert'
import { type EventCopy, messagesOf, recordEvents } from '../lib/recordEvents.ts'
import { clientsOf } from '../lib/sockets.ts'
import { spec } from '../spec.ts'
import { Lab } from './Lab.ts'

const { tcp, ws, wss, udp } = SocketType

const text = (value: string): Uint8Array => Buffer.from(value)
const hexOf = (...values: readonly string[]): string[] =>
  values.map((value) => Buffer.from(value).toString('hex'))

/** Datagrams from one world to another, numbered. Returns what has arrived. */
function sendNumbers(lab: Lab, count: number): number[] {
  const host = lab.world()
  const guest = lab.world()
  const server = createServer(host, udp, 6510)
  const socket = createSocket(guest, udp)
  const events = recordEvents(host, server)
  for (let number = 0; number < count; number++) {
    const bytes = Buffer.alloc(64)
    bytes.writeUInt32LE(number)
    assert.ok(sendUdp(guest, socket, '127.0.0.1', 6510, bytes) > 0)
    lab.pass(1)
  }
  lab.pass(1_000)
  return messagesOf(events).map((hex) => Buffer.from(hex, 'hex').readUInt32LE())
}

const disconnects = (events: readonly EventCopy[]): number =>
  events.filter(({ type }) => type === NetworkType.disconnect).length

spec('a network in memory', (it) => {
  for (const type of [tcp, ws, wss])
    it(
      `carries what a game sends in a loop that never waits: type ${type}`,
      Lab.with((lab) => {
        const [host, guest] = [lab.world(), lab.world()]
        const { client, accepted } = lab.link(host, guest, type)
        const [atHost, atGuest] = [recordEvents(host), recordEvents(guest)]
        sendPacket(guest, client, text('up'))
        sendPacket(host, accepted, text('down'))
        lab.pass(2)
        assert.equal(messagesOf(atHost), hexOf('up'))
        assert.equal(messagesOf(atGuest), hexOf('down'))
      }),
    )

  it(
    'takes as long as its latency says, one way',
    Lab.with(
      (lab) => {
        const [host, guest] = [lab.world(), lab.world()]
        const { client } = lab.link(host, guest)
        const events = recordEvents(host)
        sendPacket(guest, client, text('late'))
        // It leaves in a tick, and arrives in one.
        const ms = lab.until(() => messagesOf(events).length === 1)
        assert.ok(ms >= 50 && ms <= 53, `${ms} ms`)
      },
      { latencyMs: 50 },
    ),
  )

  it(
    'loses nothing of a connection on a line that loses a third, and keeps the order',
    Lab.with(
      (lab) => {
        const [host, guest] = [lab.world(), lab.world()]
        const { client } = lab.link(host, guest)
        const events = recordEvents(host)
        const sent = Array.from({ length: 200 }, (_, index) => `message ${index}`)
        for (const each of sent) {
          sendPacket(guest, client, text(each))
          lab.pass(5)
        }
        lab.until(() => messagesOf(events).length >= sent.length)
        assert.equal(messagesOf(events), hexOf(...sent))
        assert.ok(lab.network.lostPackets > 20, `${lab.network.lostPackets} lost`)
      },
      { latencyMs: 20, jitterMs: 10, loss: 0.3 },
    ),
  )

  it(
    'holds what is sent while it is cut, and brings it when it is healed',
    Lab.with((lab) => {
      const [host, guest] = [lab.world(), lab.world()]
      const { client } = lab.link(host, guest)
      const events = recordEvents(host)
      lab.network.cut()
      sendPacket(guest, client, text('first'))
      lab.pass(3_000)
      sendPacket(guest, client, text('second'))
      lab.pass(2_000)
      assert.equal(messagesOf(events), [])
      lab.network.heal()
      lab.until(() => messagesOf(events).length === 2, 10_000)
      assert.equal(messagesOf(events), hexOf('first', 'second'))
    }),
  )

  it(
    'cuts one direction alone',
    Lab.with((lab) => {
      const [host, guest] = [lab.world(), lab.world()]
      const { client, accepted } = lab.link(host, guest)
      const [atHost, atGuest] = [recordEvents(host), recordEvents(guest)]
      lab.network.cut({ from: guest, to: host })
      sendPacket(guest, client, text('up'))
      sendPacket(host, accepted, text('down'))
      lab.pass(1_000)
      assert.equal(messagesOf(atHost), [])
      assert.equal(messagesOf(atGuest), hexOf('down'))
    }),
  )

  it(
    'leaves a crashed world without ports that others could take or reach',
    Lab.with((lab) => {
      const [crashed, other, guest] = [lab.world(), lab.world(), lab.world()]
      lab.network.crash(crashed)
      for (const type of [tcp, udp]) {
        assert.ok(createServer(crashed, type, 6510) < 0)
        assert.ok(createServer(other, type, 6510) > 0)
      }
      assert.ok(createSocket(crashed, udp) < 0)
      const [atCrashed, atOther] = [recordEvents(crashed), recordEvents(other)]
      sendUdp(guest, createSocket(guest, udp), '127.0.0.1', 6510, text('for the other'))
      lab.pass(10)
      assert.equal(messagesOf(atCrashed), [])
      assert.equal(messagesOf(atOther), hexOf('for the other'))
    }),
  )

  for (const type of [tcp, ws])
    it(
      `ends a silent connection that stays cut, once on each side: type ${type}`,
      Lab.with((lab) => {
        const [host, guest] = [lab.world(), lab.world()]
        const { client, accepted } = lab.link(host, guest, type)
        const events = recordEvents(host)
        lab.network.cut()
        lab.pass(30_000)
        assert.is(disconnects(events), 1)
        assert.ok(!hasComponent(host, accepted, Connected))
        assert.ok(hasComponent(guest, client, Disconnected))
        assert.is(Socket(guest).disconnectReason[client], DisconnectReason.timedOut)
      }),
    )

  it(
    'shows the peer of a crash nothing until it sends; then its connection is reset',
    Lab.with((lab) => {
      const [host, guest] = [lab.world(), lab.world()]
      const { accepted } = lab.link(host, guest)
      const events = recordEvents(host)
      lab.network.crash(guest)
      lab.pass(1_000)
      assert.is(disconnects(events), 0)
      sendPacket(host, accepted, text('are you there?'))
      lab.pass(10)
      assert.is(disconnects(events), 1)
      // Another takes its place.
      const again = lab.world()
      const client = createSocket(again, tcp)
      void connectSocket(again, client, '127.0.0.1', 6510)
      lab.until(() => hasComponent(again, client, Connected), 1_000)
    }),
  )

  it(
    'has machines with ports of their own, found by address and by name',
    Lab.with((lab) => {
      const first = lab.world({ ip: '10.0.0.1', names: ['one.example'] })
      const second = lab.world({ ip: '10.0.0.2' })
      const guest = lab.world({ ip: '10.0.0.3' })
      const servers = [first, second].map((world) => createServer(world, tcp, 6510))
      const connect = (host: string): EntityId => {
        const socket = createSocket(guest, tcp)
        void connectSocket(guest, socket, host, 6510)
        lab.pass(3)
        return socket
      }
      assert.ok(hasComponent(guest, connect('one.example'), Connected))
      assert.ok(hasComponent(guest, connect('10.0.0.2'), Connected))
      const { ip, connectError } = Socket(first)
      assert.is(ip[clientsOf(first, servers[0]!)[0]!], '10.0.0.3')
      assert.is(clientsOf(second, servers[1]!).length, 1)
      const unknown = connect('two.example')
      assert.is(Socket(guest).connectError[unknown], NetworkError.hostNotFound)
      const own = connect('localhost')
      assert.is(Socket(guest).connectError[own], NetworkError.refused)
      assert.ok(connectError !== undefined)
    }),
  )

  it(
    'has one machine for all who name no other: a port is taken once',
    Lab.with((lab) => {
      const [host, other] = [lab.world(), lab.world()]
      assert.ok(createServer(host, tcp, 6510) > 0)
      assert.is(createServer(other, ws, 6510), NetworkError.portUnavailable)
      assert.ok(createServer(other, udp, 6510) > 0)
    }),
  )

  it(
    'loses, repeats and swaps datagrams as often as it should',
    Lab.with(
      (lab) => {
        const count = 3_000
        const heard = sendNumbers(lab, count)
        const distinct = new Set(heard)
        const lost = count - distinct.size
        const repeated = heard.length - distinct.size
        const swapped = heard.filter((number, index) => number < (heard[index - 1] ?? 0)).length
        assert.ok(lost > count * 0.08 && lost < count * 0.12, `${lost} lost`)
        assert.ok(repeated > count * 0.03 && repeated < count * 0.07, `${repeated} repeated`)
        assert.ok(swapped > count * 0.1, `${swapped} swapped`)
      },
      { latencyMs: 30, loss: 0.1, duplicate: 0.05, reorder: 0.2 },
    ),
  )

  it(
    'loses in bursts',
    Lab.with(
      (lab) => {
        const heard = new Set(sendNumbers(lab, 3_000))
        let longest = 0
        for (let number = 0, run = 0; number < 3_000; number++) {
          run = heard.has(number) ? 0 : run + 1
          longest = Math.max(longest, run)
        }
        assert.ok(longest >= 20, `${longest} in a row`)
        assert.ok(heard.size > 1_000, `${heard.size} have arrived`)
      },
      { burst: { start: 0.01, end: 0.03, loss: 1 } },
    ),
  )

  it(
    'carries no more than its bandwidth, and drops datagrams that find too many before them',
    Lab.with(
      (lab) => {
        // 76 bytes and 40 of headers each millisecond are 116,000 bytes a second: twice what fits.
        const heard = sendNumbers(lab, 2_000)
        assert.ok(heard.length > 1_000 && heard.length < 1_050, `${heard.length} have arrived`)
      },
      { bytesPerSecond: 58_000, queueBytes: 4_000 },
    ),
  )

  it(
    'sends a message that takes longer than a peer may take nothing, since its progress shows',
    Lab.with(
      (lab) => {
        const [host, guest] = [lab.world(), lab.world()]
        const { client } = lab.link(host, guest)
        const events = recordEvents(host)
        const large = new Uint8Array(1_800_000)
        sendPacket(guest, client, large)
        const ms = lab.until(() => events.length > 0, 30_000)
        assert.is(events[0]!.type, NetworkType.data)
        assert.ok(hasComponent(guest, client, Connected))
        assert.ok(ms > 17_000 && ms < 20_000, `${ms} ms`)
      },
      { bytesPerSecond: 100_000 },
    ),
  )

  it('does the same again with the same seed, and other things with another', () => {
    const hashes = [7, 7, 8].map((seed) => {
      let hash = ''
      Lab.with(
        (lab) => {
          hash = playAll(lab)
        },
        { latencyMs: 20, jitterMs: 8, jitter: 'pareto', loss: 0.1, duplicate: 0.1, corrupt: 0.05 },
        seed,
      )()
      return hash
    })
    assert.is(hashes[0], hashes[1])
    assert.is.not(hashes[0], hashes[2])
  })

  it(
    'changes conditions of all, of some and of one, the latest counts',
    Lab.with((lab) => {
      const { network } = lab
      const [host, guest] = [lab.world(), lab.world()]
      const { client, accepted } = lab.link(host, guest)
      const events = recordEvents(host)
      const back = recordEvents(guest)
      const upMs = (): number => delayOf(lab, guest, client, events)
      const downMs = (): number => delayOf(lab, host, accepted, back)
      network.setConditions({ latencyMs: 100 })
      network.setConditions({ latencyMs: 200 }, { from: guest })
      assert.equal([upMs(), downMs()], [200, 100])
      network.setConditions({ latencyMs: 300 }, { from: guest, to: host })
      network.setConditions({ latencyMs: 400 }, { to: guest })
      assert.equal([upMs(), downMs()], [300, 400])
      network.setConditions({ latencyMs: 50 })
      assert.equal([upMs(), downMs()], [50, 50])
    }),
  )

  it(
    'refuses what it does not know',
    Lab.with((lab) => {
      const world = lab.world()
      const { network } = lab
      const wrong = [
        () => network.join(world),
        () => network.setConditions({ latency: 3 } as never),
        () => network.setConditions('dialup' as never),
        () => network.setConditions({ loss: '1' } as never),
        () => network.setConditions({ burst: { start: 1 } } as never),
        () => network.crash({}),
        () => network.cut({ from: {} }),
        () => network.join({}),
      ]
      for (const each of wrong) assert.throws(each, (error: unknown) => error instanceof TypeError)
      assert.throws(() => network.setConditions({ loss: 2 }), /0\.\.1/)
    }),
  )
})

/** After how many milliseconds a message arrives, but for the ticks that it leaves and arrives in. */
function delayOf(lab: Lab, world: World, socket: EntityId, events: readonly EventCopy[]): number {
  const before = messagesOf(events).length
  sendPacket(world, socket, text('when?'))
  const ms = lab.until(() => messagesOf(events).length > before)
  return Math.floor(ms / 10) * 10
}

/** Talks over all kinds of sockets. Returns a hash of every event and when it came. */
function playAll(lab: Lab): string {
  const hash = createHash('sha256')
  const host = lab.world()
  const events = recordEvents(host)
  let seen = 0
  const note = (): void => {
    for (; seen < events.length; seen++)
      hash.update(`${lab.clock.now()} ${JSON.stringify(events[seen])}\n`)
  }
  const servers = [tcp, ws, udp].map((type, index) => createServer(host, type, 6510 + index))
  assert.ok(servers.every((server) => server > 0))
  const guests = Array.from({ length: 4 }, () => {
    const guest = lab.world()
    const sockets = [createSocket(guest, tcp), createSocket(guest, ws)]
    for (const [index, socket] of sockets.entries())
      void connectSocket(guest, socket, '127.0.0.1', 6510 + index)
    return { guest, sockets, datagrams: createSocket(guest, udp) }
  })
  lab.until(() =>
    guests.every(({ guest, sockets }) =>
      sockets.every((socket) => hasComponent(guest, socket, Connected)),
    ),
  )
  for (let round = 0; round < 200; round++) {
    for (const { guest, sockets, datagrams } of guests) {
      for (const socket of sockets) sendPacket(guest, socket, text(`${round}`))
      sendUdp(guest, datagrams, '127.0.0.1', 6512, text(`${round}`))
    }
    lab.pass(4)
    note()
  }
  assert.ok(seen > 1_000, `${seen} events`)
  hash.update(`${lab.network.lostPackets} lost`)
  return hash.digest('hex')
}
