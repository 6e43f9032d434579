// How it looks on bad lines: goals M1 and M2 of the design, in virtual time, over a network in memory.

import * as assert from 'uvu/assert'
import { range } from '../../../src/replication/fieldTypes.ts'
import { mulberry32 } from '../../lib/random.ts'
import { spec } from '../../spec.ts'
import { film, type Picture, quantum, type Stage, tickMs, ticksBetween } from './Film.ts'
import { judgeDelay, judgeMotion, judgePath } from './Judge.ts'
import { Reel } from './Reel.ts'

const seed = Number(process.env['SEED'] ?? 1)
const conditions = { latencyMs: 100, jitterMs: 30, jitter: 'uniform' } as const
/** The first two seconds teach the clock how even the line is. */
const taught = 120
const seconds = 62
const speed = 200

const straight = (tick: number): readonly [number, number] => [
  100 + (tick * tickMs * speed) / 1_000,
  50,
]

const radius = 200
const turnsPerTick = 1 / 240
const circle = (tick: number): readonly [number, number] => [
  500 + radius * Math.cos(2 * Math.PI * turnsPerTick * tick),
  500 + radius * Math.sin(2 * Math.PI * turnsPerTick * tick),
]
/** How far the middle of the straight way between two snapshots is from the circle. */
const chord = radius * (1 - Math.cos(Math.PI * turnsPerTick * ticksBetween))

/** One snapshot of twenty takes 200 ms longer, and what follows waits for it, as behind a segment that TCP sends again. */
function stall({ network, random, tick }: Stage): void {
  if (tick % ticksBetween === 0)
    network.setConditions({ latencyMs: conditions.latencyMs + (random() < 0.05 ? 200 : 0) })
}

function report(name: string, figures: object): void {
  console.log(
    `${name}, seed ${seed}: ${JSON.stringify(figures, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(3)) : value))}`,
  )
}

/** The pure level: datagrams, which overtake each other, and of which one in twenty is lost. */
function filmDatagrams(random: () => number): Picture[] {
  const place = {
    name: 'Place',
    fields: { x: range(0, 16_384, quantum) },
    interpolate: 'mixed',
  } as const
  const reel = new Reel([place], { tickMs, isOrdered: false })
  const netId = reel.add({ Place: [0] })
  const pictures: Picture[] = []
  const due: { readonly atMs: number; readonly bytes: Uint8Array }[] = []
  for (let frame = 1; frame <= seconds * 60; frame++) {
    const nowMs = frame * tickMs + 7
    if (frame % ticksBetween === 0) {
      reel.entities.set(netId, { Place: [straight(frame)[0]] })
      const bytes = reel.snapshot(frame)
      const { latencyMs, jitterMs } = conditions
      const atMs = frame * tickMs + latencyMs + (random() * 2 - 1) * jitterMs
      if (random() >= 0.05) due.push({ atMs, bytes })
      due.sort((a, b) => a.atMs - b.atMs)
    }
    while (due.length > 0 && due[0]!.atMs <= nowMs) reel.take(due.shift()!.bytes, nowMs)
    reel.acknowledge()
    reel.frame(nowMs)
    const x = reel.shown.get(netId)?.['Place']?.[0]
    const { shownTick: tick, newestTick: newest, jitterMs } = reel.clock
    if (x !== undefined) pictures.push({ nowMs, x, y: 0, tick, newest, jitterMs })
  }
  return pictures
}

spec('feel', (it) => {
  it('M1: even motion over 100 ms ± 30 ms looks even', async () => {
    const pictures = (await film({ seed, seconds, conditions, path: straight })).slice(taught)
    const motion = judgeMotion(pictures, speed / 1_000)
    const delays = judgeDelay(pictures)
    report('M1', { ...motion, ...delays })
    assert.ok(motion.frames >= 3_500)
    assert.ok(motion.rms <= 0.02, `rms ${motion.rms}`)
    assert.ok(motion.most <= 0.1, `most ${motion.most}`)
    assert.is(motion.frozen, 0)
    assert.is(motion.backwards, 0)
    assert.ok(motion.extrapolated <= 0.01, `extrapolated ${motion.extrapolated}`)
    assert.ok(
      delays.meanMs <= ticksBetween * tickMs + 4 * delays.jitterMs,
      `delay ${delays.meanMs}`,
    )
    assert.ok(delays.over <= 0.1, `over ${delays.over}`)
    assert.ok(delays.change <= 0.0501, `change ${delays.change}`)
  })

  it('M1: over a line with stalls of 200 ms nothing jumps', async () => {
    const pictures = (
      await film({ seed, seconds, conditions, path: straight, before: stall })
    ).slice(taught)
    const motion = judgeMotion(pictures, speed / 1_000)
    report('M1 with stalls', { ...motion, ...judgeDelay(pictures) })
    assert.is(motion.backwards, 0)
    assert.ok(motion.caughtUp <= 0.2, `caught up ${motion.caughtUp}`)
  })

  it('M1: with 5 % of the snapshots lost too', () => {
    for (const stream of [1, 2, 3, 4]) {
      const pictures = filmDatagrams(mulberry32(seed * 100 + stream)).slice(taught)
      const motion = judgeMotion(pictures, speed / 1_000)
      report(`M1 with loss, stream ${stream}`, motion)
      assert.ok(motion.rms <= 0.02, `rms ${motion.rms}`)
      assert.ok(motion.most <= 0.1, `most ${motion.most}`)
      assert.is(motion.frozen, 0)
      assert.is(motion.backwards, 0)
      assert.ok(motion.extrapolated <= 0.01, `extrapolated ${motion.extrapolated}`)
    }
  })

  it('M2: a circle is shown where it is', async () => {
    const pictures = (await film({ seed, seconds, conditions, path: circle })).slice(taught)
    const rms = judgePath(pictures, circle)
    report('M2', { rms, quantum, chord, ...judgeDelay(pictures) })
    assert.ok(rms <= quantum + chord, `rms ${rms}`)
  })
})
