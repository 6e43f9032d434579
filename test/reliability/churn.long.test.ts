// Clients that connect, shake hands and leave, by an end or a reset in turn: nothing is left of them, however many they are.

import * as assert from 'uvu/assert'
import { setTimeout as delay } from 'node:timers/promises'
import { patience } from '../lib/patience.ts'
import { amountOf, figure } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { bareAnswers } from './bareServer.ts'
import { play, type Program, withPrograms } from './Program.ts'
import { serverAnswers, type ServerReport } from './rowServer.ts'
import { dial, shakeHands, sourceOf, type Way } from './visit.ts'

const mebibyte = 1024 * 1024
const cycles = {
  tcp: amountOf({ test: 1_000, ci: 30_000, soak: 1_000_000 }),
  ws: amountOf({ test: 1_000, ci: 10_000, soak: 200_000 }),
}
/** Of these, the part that is over before anything is measured: what the process loads and compiles once is there then. */
const warmShare = 0.1
/** Connections to a bare server, for its rate. */
const bareCycles = amountOf({ test: 0, ci: 2_000, soak: 50_000 })
/** What may grow; of few connections more of the heap's own room, and of what is compiled, is to be seen in RSS. */
const heapMax = amountOf({ test: 1, ci: 2 }) * mebibyte
const rssMax = amountOf({ test: 32, soak: 16 }) * mebibyte
/** Guests at the same time. */
const lanes = 64
const limitMs = 60_000 + cycles.tcp * 2

interface Crowd {
  readonly way: Way
  readonly port: number
  readonly count: number
}

interface CrowdResult {
  /** Guests whom the server has not welcomed. */
  readonly failed: number
  readonly perSecond: number
}

let guests = 0

const guestAnswers = {
  async visit({ way, port, count }: Crowd): Promise<CrowdResult> {
    const started = performance.now()
    let left = count
    let failed = 0
    const visitAll = async (): Promise<void> => {
      while (left-- > 0) if (!(await visitOnce(way, port, guests++))) failed++
    }
    await Promise.all(Array.from({ length: lanes }, visitAll))
    const seconds = (performance.now() - started) / 1_000
    return { failed, perSecond: Math.round(count / seconds) }
  },
}

async function visitOnce(way: Way, port: number, index: number): Promise<boolean> {
  const socket = dial(way, port, sourceOf(index))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const isWelcome = await shakeHands(socket, way)
  if (index % 2 === 0) socket.end()
  else socket.resetAndDestroy()
  await closed
  return isWelcome
}

type Server = Program<typeof serverAnswers>

/** Waits until all have left. */
async function settle(server: Server): Promise<ServerReport> {
  const end = performance.now() + 10_000 * patience
  for (;;) {
    const { connects, disconnects } = await server.ask('glance', undefined)
    if (connects === disconnects) return server.ask('report', undefined)
    if (performance.now() > end) throw new Error(`${connects} connects, ${disconnects} disconnects`)
    await delay(20)
  }
}

async function churn(way: 'tcp' | 'ws'): Promise<void> {
  await withPrograms(async (start) => {
    const server = start<typeof serverAnswers>('server')
    const crowd = start<typeof guestAnswers>('guests')
    const port = await server.ask('open', { way })
    const first = await server.ask('report', undefined)
    const count = cycles[way]
    const warm = Math.ceil(count * warmShare)
    const early = await crowd.ask('visit', { way, port, count: warm })
    const before = await settle(server)
    const late = await crowd.ask('visit', { way, port, count: count - warm })
    const after = await settle(server)
    let rate = `${late.perSecond}/s`
    if (bareCycles > 0) {
      const bare = start<typeof bareAnswers>('bare')
      const question = { way, port: await bare.ask('open', way), count: bareCycles }
      rate += `, of a bare server ${(await crowd.ask('visit', question)).perSecond}/s`
    }
    const heapGrown = after.heapUsed - before.heapUsed
    const rssGrown = after.rss - before.rss
    figure(
      'R-09',
      `${way}, ${after.connects} connects, ${after.disconnects} disconnects; heap + ${mib(heapGrown)}, ` +
        `RSS + ${mib(rssGrown)} over the last ${count - warm}; ${rate}`,
    )
    assert.is(early.failed + late.failed, 0)
    assert.is(after.connects, count)
    assert.is(after.disconnects, count)
    for (const { sockets, entities, handles } of [before, after])
      assert.equal([sockets, entities, handles], [first.sockets, first.entities, first.handles])
    assert.is(after.failedHandshakes, 0)
    assert.is(after.processWarnings, 0)
    assert.ok(heapGrown <= heapMax, `heap + ${mib(heapGrown)}`)
    assert.ok(rssGrown <= rssMax, `RSS + ${mib(rssGrown)}`)
  })
}

function mib(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`
}

if (!play({ server: serverAnswers, bare: bareAnswers, guests: guestAnswers }))
  spec(
    'connect, handshake, disconnect',
    (it) => {
      for (const way of ['tcp', 'ws'] as const)
        it(`${way}: ${cycles[way]} times, and nothing is left`, () => churn(way))
    },
    limitMs,
  )
