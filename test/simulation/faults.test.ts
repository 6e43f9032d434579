// What goes wrong in a run, and the search for how little of it takes a game down.

import {
  connectSocket,
  createServer,
  createSocket,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readText,
  sendUdp,
  SocketType,
} from 'bitecs-networking'
import {
  type SimulatedGame,
  type SimulateOptions,
  simulate,
  simulateSeeds,
} from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { type Asker, echo, errorOf, port, startAsker, startEcho } from './echoGame.ts'

/** Two games over UDP: the client sends its tick's number each tick. Returns what has arrived, and when. */
async function datagrams(
  options: Pick<SimulateOptions, 'faults' | 'conditions'>,
): Promise<{ readonly tick: number; readonly sent: number }[]> {
  const arrived: { tick: number; sent: number }[] = []
  let now = 0
  await simulate({
    ...options,
    ticks: 60,
    server({ world }) {
      const server = createServer(world, SocketType.udp, port)
      onNetworking(world, server, (_world, _self, asyncLoad) => {
        if (asyncLoad.type === NetworkType.data)
          arrived.push({ tick: now, sent: Number(readText(asyncLoad.buffer)) })
      })
      return (tick: number) => {
        now = tick
        NetworkSystem(world)
      }
    },
    clients: {
      count: 1,
      start({ world }) {
        const socket = createSocket(world, SocketType.udp)
        return (tick: number) => {
          sendUdp(world, socket, '127.0.0.1', port, String(tick))
          NetworkSystem(world)
        }
      },
    },
  })
  return arrived
}

spec('faults of a run', (it) => {
  it('cut one direction, for as long as they last', async () => {
    const arrived = await datagrams({
      faults: [
        { atMs: 200, kind: 'cut', to: 'client 0', durationMs: 300 },
        { atMs: 500, kind: 'cut', from: 'client 0', durationMs: 200 },
      ],
    })
    const missing = Array.from({ length: 60 }, (_, index) => index + 1).filter(
      (tick) => !arrived.some(({ sent }) => sent === tick),
    )
    // From tick 30, at 500 ms, to the one before 42, at 700 ms; the last has no tick to arrive in.
    assert.equal(missing, [...Array.from({ length: 12 }, (_, index) => 30 + index), 60])
  })

  it('change conditions, and change them back', async () => {
    const arrived = await datagrams({
      conditions: { latencyMs: 20 },
      faults: [
        {
          atMs: 200,
          kind: 'conditions',
          of: 'client 0',
          conditions: { latencyMs: 100 },
          durationMs: 300,
        },
      ],
    })
    const late = arrived.filter(({ tick, sent }) => tick - sent > 3).map(({ sent }) => sent)
    assert.equal(
      late,
      Array.from({ length: 18 }, (_, index) => 12 + index),
    )
  })

  it('crash a client, which starts again', async () => {
    const starts: number[] = []
    const ticksWithout: number[] = []
    const { server } = await simulate(
      echo({
        ticks: 600,
        clients: {
          count: 1,
          start(game) {
            starts.push(game.starts)
            return startAsker(game)
          },
        },
        faults: [{ atMs: 2_000, kind: 'crash', of: 'client 0', durationMs: 1_000 }],
        afterTick({ tick, clients }) {
          if (clients[0] === undefined && tick > 60) ticksWithout.push(tick)
        },
      }),
    )
    assert.equal(starts, [1, 2])
    // A second, and then until it is connected.
    assert.is(ticksWithout[0], 120)
    assert.ok(ticksWithout.length > 60 && ticksWithout.length < 180, `${ticksWithout.length} ticks`)
    assert.is(ticksWithout.at(-1), 119 + ticksWithout.length)
    assert.ok(server!.heard.length > 40)
  })

  it('leave a crashed client without a network, whatever its code goes on with', async () => {
    const results: number[] = []
    let again: (() => void) | undefined
    await simulate({
      ticks: 900,
      server: startEcho,
      clients: {
        count: 1,
        start({ world }) {
          const socket = createSocket(world, SocketType.tcp)
          void connectSocket(world, socket, '127.0.0.1', port)
          again = () => {
            const other = createSocket(world, SocketType.tcp)
            void connectSocket(world, other, '127.0.0.1', port).then((each) => results.push(each))
          }
          return () => NetworkSystem(world)
        },
      },
      faults: [{ atMs: 1_000, kind: 'crash', of: 'client 0' }],
      afterTick({ tick }) {
        if (tick === 70) again?.()
      },
    })
    assert.is(results.length, 1)
    assert.ok(results[0]! < 0, `connected: ${results[0]}`)
  })

  it('are the same, drawn or given', async () => {
    const faults = { cutsPerMinute: 30, crashesPerMinute: 10, changesPerMinute: 30 }
    const clients = { count: 3, start: startAskerThatMayFail }
    const drawn = await simulate(echo({ ticks: 1_200, faults, clients }))
    assert.ok(drawn.report.faults.length > 15)
    const schedule = JSON.parse(JSON.stringify(drawn.report.faults)) as typeof drawn.report.faults
    const given = await simulate(echo({ ticks: 1_200, faults: schedule, clients }))
    assert.equal(given.report, drawn.report)
  })
})

/** As `startAsker`, but a connection that cannot be made is no error. */
async function startAskerThatMayFail(game: SimulatedGame): Promise<Asker> {
  try {
    return await startAsker(game)
  } catch {
    return { answers: [], step: () => NetworkSystem(game.world) }
  }
}

spec('simulateSeeds', (it) => {
  it('searches for a seed that fails, and shrinks its faults', async () => {
    let heard = 0
    const runs: [seed: number, isShrinking: boolean][] = []
    const error = await errorOf(
      simulateSeeds(
        echo({
          seed: 20,
          ticks: 600,
          clients: { count: 2, start: startAskerThatMayFail },
          faults: { cutsPerMinute: 90, cutMsMax: 3_000, changesPerMinute: 60 },
          invariant: {
            'somebody is heard each second': ({ tick, server }) => {
              if (tick % 60 !== 0) return true
              const isHeard = server!.heard.length > heard || tick === 60
              heard = server!.heard.length
              return isHeard
            },
          },
          afterTick({ tick }) {
            if (tick === 1) heard = 0
          },
        }),
        50,
        { onRun: (seed, isShrinking) => runs.push([seed, isShrinking]) },
      ),
    )
    const { seeds, faultsFound, shrinkRuns } = error.search!
    assert.is(runs.filter(([, isShrinking]) => !isShrinking).length, seeds)
    assert.is(runs.filter(([, isShrinking]) => isShrinking).length, shrinkRuns)
    assert.is(error.seed, 20 + seeds - 1)
    assert.ok(faultsFound >= 10, `${faultsFound}`)
    // Both have to be cut off.
    assert.ok(error.faults.length <= 2, JSON.stringify(error.faults))
    assert.match(error.message, 'shrunk to')
  })

  it('says how much it has run when nothing fails', async () => {
    assert.equal(await simulateSeeds(echo({ ticks: 30 }), [3, 5]), { seeds: 2, ticks: 60 })
  })
})
