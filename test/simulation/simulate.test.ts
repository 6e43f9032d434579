// Whole runs: a server and clients in memory, in virtual time.

import { query, type World } from 'bitecs'
import {
  connectSocket,
  createServer,
  createSocket,
  NetworkType,
  onNetworking,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { type SimulatedGame, simulate } from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { thrownBy } from '../lib/throws.ts'
import { spec } from '../spec.ts'
import { echo, errorOf, port, startEcho } from './echoGame.ts'

/** What clients draw, whose server draws so many before. */
async function drawn(greed: number): Promise<number[]> {
  const numbers: number[] = []
  const draw = ({ random }: SimulatedGame, count: number): void => {
    for (let index = 0; index < count; index++) numbers.push(random())
  }
  await simulate({
    ticks: 1,
    server: (game) => draw(game, greed),
    clients: { count: 2, start: (game) => draw(game, 2) },
  })
  return numbers.slice(greed)
}

function failInTick5(tick: number): void {
  if (tick === 5) throw new TypeError('no such ship')
}

function failAtStart(): never {
  throw new RangeError('no port')
}

spec('simulate', (it) => {
  it('runs a server and clients, and returns what they have become', async () => {
    const { server, clients, report } = await simulate(echo())
    assert.is(report.ticks, 300)
    assert.is(report.simulatedMs, 5_000)
    assert.is(clients.length, 3)
    for (const client of clients) assert.ok(client!.answers.length > 20)
    assert.ok(server!.heard.length >= clients.flatMap((each) => each!.answers).length)
  })

  it('is the same with the same seed, and another with another', async () => {
    const [one, same, other] = await Promise.all([
      simulate(echo()),
      simulate(echo()),
      simulate(echo({ seed: 8 })),
    ])
    assert.equal(one.report, same.report)
    assert.equal(one.server, same.server)
    assert.is.not(one.report.hash, other.report.hash)
  })

  it('gives each game random numbers of its own, whatever the others draw', async () => {
    const [few, many] = [await drawn(1), await drawn(50)]
    assert.equal(few, many)
    assert.is(new Set(few).size, 4)
  })

  it('runs NetworkSystem for a game that says no tick of its own', async () => {
    const events: number[] = []
    await simulate({
      ticks: 5,
      server({ world }) {
        onNetworking(world, createServer(world, SocketType.tcp, port), (_world, _self, load) => {
          events.push(load.type)
        })
      },
      clients: {
        count: 1,
        start({ world }) {
          void connectSocket(world, createSocket(world, SocketType.tcp), 'localhost', port)
        },
      },
    })
    assert.equal(events, [NetworkType.connect])
  })

  it('ends when until says so, and closes all worlds', async () => {
    const worlds: World[] = []
    const { report } = await simulate(
      echo({
        server(game) {
          worlds.push(game.world)
          return startEcho(game)
        },
        until: ({ server }) => server!.heard.length >= 4,
      }),
    )
    assert.ok(report.ticks < 100, `${report.ticks} ticks`)
    assert.is(query(worlds[0]!, [Socket]).length, 0)
  })

  it('waits for afterTick', async () => {
    const order: string[] = []
    await simulate({
      ticks: 2,
      server: () => (tick: number) => void order.push(`tick ${tick}`),
      async afterTick({ tick }) {
        await new Promise((resolve) => setImmediate(resolve))
        order.push(`after ${tick}`)
      },
    })
    assert.equal(order, ['tick 1', 'after 1', 'tick 2', 'after 2'])
  })

  it('counts bytes, events and latency, of all and of each socket', async () => {
    const { report } = await simulate(echo({ conditions: { latencyMs: 50 } }))
    const { latency, sockets, spans } = report
    // It arrives after 50 ms, and the next tick is up to one later; percentiles are up to 6 % above.
    assert.ok(latency.p50Ms >= 50 && latency.p99Ms <= (50 + 1_000 / 60) * 1.07, `${latency.p50Ms}`)
    assert.equal(
      sockets.map(({ game, type, port }) => [game, type, port]),
      ['server', 'client 0', 'client 1', 'client 2'].map((game) => [game, 'tcp', port]),
    )
    const [ofServer, ...ofClients] = sockets
    const sum = (of: (each: typeof ofServer) => number): number =>
      ofClients.reduce((all, each) => all + of(each), 0)
    assert.is(report.bytesOut, ofServer!.bytesOut + sum((each) => each!.bytesOut))
    assert.is(
      report.events,
      spans.reduce((all, { events }) => all + events, 0),
    )
    // A handshake and a connect event of each client, and all that was asked.
    assert.is(ofServer!.events, ofServer!.latency.count)
    assert.is(report.lostPackets, 0)
    const lossy = await simulate(echo())
    assert.ok(lossy.report.lostPackets > 0)
    assert.is(
      lossy.report.lostPackets,
      lossy.report.sockets.reduce((all, { lostPackets }) => all + lostPackets, 0),
    )
  })

  it('measures what ticks cost by the clock that it is given', async () => {
    let ms = 0
    const { cost } = await simulate({ ...echo(), wallClock: () => ms++ })
    assert.is(cost!.serverTick.count, 300)
    assert.is(cost!.serverTick.maxMs, 1)
    assert.is(cost!.wholeTick.maxMs, 3)
    assert.is((await simulate(echo())).cost, undefined)
  })

  for (const [name, value] of [
    ['mtu', { conditions: { mtu: 3 } }],
    ['ticks', { ticks: 0 }],
    ['hz', { hz: 0 }],
    ['clients: count', { clients: { count: -1, start() {} } }],
    ['clients: start', { clients: { count: 1 } }],
    ['server', { server: 5 }],
    ['invariant', { invariant: { each: 1 } }],
    ['there is no option', { tick: 5 }],
    ['there is no rate of faults', { faults: { cuts: 1 } }],
    ['faults[0]: kind', { faults: [{ atMs: 1, kind: 'flood' }] }],
    ['faults[0]: atMs', { faults: [{ kind: 'cut' }] }],
    ['faults[0]: of', { faults: [{ atMs: 1, kind: 'crash', of: 'client 3' }] }],
    ['faults[0]: there is no key', { faults: [{ atMs: 1, kind: 'heal', durationMs: 5 }] }],
  ] as const)
    it(`refuses wrong options: ${name}`, () => {
      const error = thrownBy(() => simulate({ ...echo(), ...value } as never))
      assert.match((error as Error).message, name)
    })
})

spec('a run that fails', (it) => {
  for (const [name, invariant, message] of [
    ['returns false', ({ tick }: { tick: number }) => tick < 9, 'does not hold'],
    ['returns why', ({ tick }: { tick: number }) => (tick < 9 ? undefined : 'nine'), 'nine'],
    [
      'throws',
      ({ tick }: { tick: number }) => {
        if (tick === 9) throw new RangeError('too late')
      },
      'too late',
    ],
  ] as const)
    it(`is rejected with seed, tick and message when an invariant ${name}`, async () => {
      const error = await errorOf(simulate(echo({ invariant: { 'before nine': invariant } })))
      assert.is(error.seed, 7)
      assert.is(error.failure.tick, 9)
      assert.is(error.failure.kind, 'invariant')
      assert.is(error.failure.name, 'before nine')
      assert.is(error.message, `seed 7, tick 9 (0.150 s): before nine: ${message}`)
      assert.is(error.report.ticks, 9)
    })

  it('is one in which a game throws, in a tick or when it starts', async () => {
    const inTick = await errorOf(simulate(echo({ server: () => failInTick5 as never })))
    assert.is(inTick.failure.kind, 'error')
    assert.is(inTick.failure.name, 'TypeError')
    assert.match(inTick.message, 'tick 5 (0.083 s): TypeError: no such ship')
    const atStart = await errorOf(simulate(echo({ clients: { count: 1, start: failAtStart } })))
    assert.match(atStart.message, 'tick 0 (0.000 s): RangeError: no port')
  })
})
