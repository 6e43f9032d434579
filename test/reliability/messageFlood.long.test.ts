// One peer sends as many small messages as it can: its budget is exact, and the others, the ticks and the memory do not suffer.
// Server, flooder and the others are three processes; the flooder has the lowest priority, so that it takes no core from them.

import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { patience } from '../lib/patience.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { joinServer } from '../lib/gameMaker.ts'
import { amountOf, figure, isSoak } from '../lib/row.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import {
  type Flood,
  FloodServer,
  playsFloodRole,
  quantile,
  type Report,
  startFlood,
} from './floodServer.ts'

const seconds = amountOf({ test: 250, ci: 5_000, soak: 10_000 }) / 1_000
const budget = 256
const largeBudget = 4_096
const rate = 200_000
/** Messages a second, 0 for as many as it can. */
const rates = amountOf({ test: 0, ci: 1 }) > 0 ? [rate, 0] : [0]
const othersCount = 20
const everyMs = 50
const rssMiB = 64

/** Peers that send a number every 50 ms and measure when it comes back. */
class Others {
  readonly #peers: RawPeer[] = []
  readonly #timer: NodeJS.Timeout
  #rtts: number[] = []
  sent = 0
  back = 0

  private constructor(peers: RawPeer[]) {
    this.#peers = peers
    for (const peer of peers) this.#listen(peer)
    this.#timer = setInterval(() => this.#ask(), everyMs)
  }

  static async open(port: number): Promise<Others> {
    const peers: RawPeer[] = []
    for (let count = 0; count < othersCount; count++) {
      const peer = await RawPeer.connect(port)
      await joinServer(peer)
      peers.push(peer)
    }
    return new Others(peers)
  }

  /** The round trips since the last call, in milliseconds. */
  takeRtts(): number[] {
    const rtts = this.#rtts
    this.#rtts = []
    return rtts
  }

  /** All has come back. */
  async finish(): Promise<void> {
    clearInterval(this.#timer)
    await until(() => this.back === this.sent)
  }

  close(): void {
    clearInterval(this.#timer)
    for (const peer of this.#peers) peer.close()
  }

  #ask(): void {
    for (const peer of this.#peers) {
      const bytes = Buffer.from('dec0adde0c000000080000000000000000000000', 'hex')
      bytes.writeDoubleBE(performance.now(), 12)
      peer.send(bytes)
      this.sent++
    }
  }

  #listen(peer: RawPeer): void {
    peer.socket.on('data', () => {
      const bytes = Buffer.from(peer.takeAll(), 'hex')
      assert.is(bytes.length % 20, 0)
      for (let at = 0; at < bytes.length; at += 20) {
        this.#rtts.push(performance.now() - bytes.readDoubleBE(at + 12))
        this.back++
      }
    })
  }
}

interface Phase {
  readonly rtts: readonly number[]
  readonly report: Report
}

async function measure(
  server: FloodServer,
  others: Others,
  run: () => Promise<void>,
): Promise<Phase> {
  await server.report()
  others.takeRtts()
  await run()
  return { report: await server.report(), rtts: others.takeRtts() }
}

function p99(values: readonly number[]): number {
  return quantile(values, 0.99)
}

/** Within the bar, or at most half as much again as without the flood. */
function assertWithin(what: string, value: number, quiet: number, bar: number): void {
  const most = isSoak ? Math.max(bar, 1.5 * quiet) : 1_000 * patience
  assert.ok(value <= most, `${what}: ${value} ms, ${quiet} ms without the flood`)
}

async function assertCalm(quiet: Phase, flooded: Phase, name: string, sent: number): Promise<void> {
  const { flood, gaps, rssMiB: peak, faults } = flooded.report
  assert.equal(faults, [])
  assert.is(flood.outOfOrder, 0)
  assert.ok(flood.perTickMax <= budget)
  // Enough has come that some ticks were full.
  if (flood.count > 10 * budget) assert.is(flood.perTickMax, budget)
  const [rtt, quietRtt] = [p99(flooded.rtts), p99(quiet.rtts)]
  const [gap, quietGap] = [p99(gaps), p99(quiet.report.gaps)]
  const [gapMax, quietGapMax] = [Math.max(...gaps), Math.max(...quiet.report.gaps)]
  const grown = peak - quiet.report.rssMiB
  figure(
    'R-10',
    `${name}: ${sent} sent, ${flood.count} taken, at most ${flood.perTickMax} a tick, in order; ` +
      `others' p99 ${quietRtt.toFixed(1)} -> ${rtt.toFixed(1)} ms, tick p99 ${quietGap.toFixed(1)} -> ` +
      `${gap.toFixed(1)}, max ${quietGapMax.toFixed(1)} -> ${gapMax.toFixed(1)}; RSS + ${grown.toFixed(1)} MiB`,
  )
  assert.ok(grown <= rssMiB, `RSS + ${grown} MiB`)
  assertWithin("others' p99", rtt, quietRtt, 25)
  assertWithin('tick p99', gap, quietGap, 20)
  assertWithin('longest tick', gapMax, quietGapMax, 35)
}

async function floodCalmly(kind: 'tcp' | 'ws'): Promise<void> {
  const server = new FloodServer()
  const { ports } = await server.report()
  const others = await Others.open(ports.tcp)
  try {
    const quiet = await measure(server, others, () => delay(seconds * 1_000))
    for (const perSecond of rates) {
      const flood: Flood = { kind, port: ports[kind], perSecond, seconds }
      let sent = 0
      const flooded = await measure(server, others, async () => {
        ;({ sent } = await startFlood(flood))
      })
      await assertCalm(quiet, flooded, `${kind}, ${perSecond || 'unlimited'}`, sent)
    }
    await others.finish()
    assert.is(server.hasEnded, false)
  } finally {
    others.close()
    server.close()
  }
}

async function floodWithin(kind: 'tcp' | 'ws'): Promise<void> {
  const server = new FloodServer({ eventsPerSocketMax: largeBudget })
  try {
    const { ports } = await server.report()
    const flood: Flood = { kind, port: ports[kind], perSecond: rate, seconds }
    const { sent } = await startFlood(flood)
    let count = 0
    let perTickMax = 0
    const end = performance.now() + 30_000 * patience
    while (count < sent && performance.now() < end) {
      await delay(50)
      const { flood: taken, faults } = await server.report(false)
      ;({ count, perTickMax } = taken)
      assert.is(taken.outOfOrder, 0)
      assert.equal(faults, [])
    }
    assert.is(count, sent)
    assert.ok(perTickMax <= largeBudget)
    figure(
      'R-10',
      `${kind}, budget of ${largeBudget}: ${count} of ${sent} in order, at most ${perTickMax} a tick`,
    )
  } finally {
    server.close()
  }
}

if (!playsFloodRole())
  spec(
    'one peer floods',
    (it) => {
      for (const kind of ['tcp', 'ws'] as const) {
        it(`${kind}: its budget is exact, and the others do not suffer`, () => floodCalmly(kind))

        it(`${kind}: with a budget of ${largeBudget} all of ${rate} a second come, in order`, () =>
          floodWithin(kind))
      }
    },
    60_000 + seconds * 20_000,
  )
