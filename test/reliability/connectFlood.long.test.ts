// Connects by the thousand at a server with few places: there are never more clients than places, and who plays is not disturbed.

import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { amountOf, figure, isSoak } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { Players } from './Players.ts'
import { play, type Program, withPrograms } from './Program.ts'
import { serverAnswers } from './rowServer.ts'
import { dial, shakeHands, sourceOf, type Way } from './visit.ts'

const mebibyte = 1024 * 1024
const maxClients = 32
const perSecond = 1_000
const floodMs = amountOf({ test: 300, ci: 5_000, soak: 30_000 })
/** Ticks are measured without a flood first. */
const quietMs = amountOf({ test: 200, ci: 1_000, soak: 10_000 })

interface Flood {
  readonly way: Way
  readonly port: number
  readonly ms: number
}

interface FloodResult {
  readonly tried: number
  /** Those that found a place, and left it again. */
  readonly welcomed: number
}

const attackerAnswers = {
  async flood({ way, port, ms }: Flood): Promise<FloodResult> {
    const start = performance.now()
    const guests: Promise<boolean>[] = []
    while (performance.now() - start < ms) {
      const due = ((performance.now() - start) / 1_000) * perSecond
      while (guests.length < due) guests.push(attack(way, port, guests.length))
      await delay(2)
    }
    const results = await Promise.all(guests)
    return { tried: guests.length, welcomed: results.filter((isWelcome) => isWelcome).length }
  },
}

/** One resets the connection at once, one says nothing, and two shake hands, and leave soon when they get in. */
async function attack(way: Way, port: number, index: number): Promise<boolean> {
  const socket = dial(way, port, sourceOf(index))
  const closed = new Promise<unknown>((resolve) => socket.once('close', resolve))
  const kind = index % 4
  if (kind === 0) socket.once('connect', () => socket.resetAndDestroy())
  if (kind === 1) setTimeout(() => socket.destroy(), 1_500)
  socket.resume()
  const isWelcome = kind >= 2 && (await shakeHands(socket, way))
  if (isWelcome) {
    await delay(100)
    if (kind === 2) socket.end()
    else socket.resetAndDestroy()
  }
  await closed
  return isWelcome
}

async function flood(way: 'tcp' | 'ws', count: number): Promise<void> {
  const players = new Players(way)
  try {
    await withPrograms(async (start) => {
      const server = start<typeof serverAnswers>('server')
      const attacker = start<typeof attackerAnswers>('attacker')
      const port = await server.ask('open', { way, options: { maxClients } })
      await players.join(port, count)
      // What a first flood needs for the first time is not judged.
      const first = await attacker.ask('flood', { way, port, ms: floodMs / 10 })
      const before = await server.ask('report', undefined)
      const quietP99 = await tickP99During(server, () => delay(quietMs))
      let result = { tried: 0, welcomed: 0 }
      const floodP99 = await tickP99During(server, async () => {
        result = await attacker.ask('flood', { way, port, ms: floodMs })
      })
      await players.finish()
      const after = await server.ask('report', undefined)
      const rssGrown = after.rss - before.rss
      figure(
        'R-08',
        `${way}, ${count} players, ${result.tried} connects, ${result.welcomed} found a place, ` +
          `${after.openMax} clients at most; ${players.echoed} of ${players.sent} messages came back; tick p99 ` +
          `${quietP99.toFixed(1)} ms before, ${floodP99.toFixed(1)} ms in it; RSS + ${(rssGrown / mebibyte).toFixed(1)} MiB`,
      )
      if (count === maxClients) assert.is(after.openMax, maxClients)
      else assert.ok(after.openMax <= maxClients, `${after.openMax} clients`)
      assert.is(after.connects, count + first.welcomed + result.welcomed)
      assert.is(result.welcomed > 0, count < maxClients)
      assert.ok(after.refused > 0)
      assert.equal([players.echoed, players.closed], [players.sent, 0])
      assert.equal([after.sockets, after.entities], [before.sockets, before.entities])
      assert.is(after.handles, before.handles)
      assert.is(after.processWarnings, 0)
      assert.ok(rssGrown <= 32 * mebibyte)
      if (isSoak) assert.ok(floodP99 <= 20 || floodP99 <= 1.5 * quietP99)
    })
  } finally {
    players.close()
  }
}

async function tickP99During(
  server: Program<typeof serverAnswers>,
  run: () => Promise<unknown>,
): Promise<number> {
  await server.ask('reset', undefined)
  await run()
  return (await server.ask('glance', undefined)).tickP99
}

if (!play({ server: serverAnswers, attacker: attackerAnswers }))
  spec(
    `${maxClients} places and ${perSecond} connects a second`,
    (it) => {
      for (const way of ['tcp', 'ws'] as const) {
        it(`${way}: no place is free`, () => flood(way, maxClients))
        it(`${way}: some places are free, and taken again and again`, () =>
          flood(way, maxClients - 8))
      }
    },
    120_000,
  )
