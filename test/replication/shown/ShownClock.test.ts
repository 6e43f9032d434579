import * as assert from 'uvu/assert'
import {
  advanceClock,
  createShownClock,
  delayOf,
  noteSnapshot,
  type ShownClock,
} from '../../../src/replication/shown/ShownClock.ts'
import { mulberry32 } from '../../lib/random.ts'
import { spec } from '../../spec.ts'

const tickMs = 10
/** A snapshot of 50 ms. */
const step = 5

/** A clock that got snapshots every 50 ms, each 100 ms late. */
function evenClock(count = 20): ShownClock {
  const clock = createShownClock(tickMs, 32)
  for (let tick = step; tick <= count * step; tick += step) {
    noteSnapshot(clock, tick, tick * tickMs + 100)
    advanceClock(clock, tick * tickMs + 100)
  }
  return clock
}

/** Takes a snapshot that is so late, and runs the frame of that time. */
function take(clock: ShownClock, tick: number, lateMs: number): void {
  noteSnapshot(clock, tick, tick * tickMs + lateMs)
  advanceClock(clock, tick * tickMs + lateMs)
}

/** One snapshot of ten comes 30 ms late. */
function lateAt(tick: number): number {
  return tick % 50 === 0 ? 130 : 100
}

spec('ShownClock', (it) => {
  it('follows a faster snapshot at once, and slower ones by 0.5 ms each', () => {
    const clock = evenClock()
    assert.is(clock.offsetMs, 100)
    take(clock, 105, 80)
    assert.is(clock.offsetMs, 80)
    for (const [tick, offset] of [
      [110, 80.5],
      [115, 81],
      [120, 81.5],
    ] as const) {
      take(clock, tick, 140)
      assert.is(clock.offsetMs, offset)
    }
  })

  it('takes of a burst the snapshot that is the least late', () => {
    const clock = evenClock()
    for (const tick of [105, 110, 115, 120, 125]) noteSnapshot(clock, tick, 1_350)
    advanceClock(clock, 1_350)
    assert.is(clock.offsetMs, 100)
    for (const tick of [130, 135, 140]) noteSnapshot(clock, tick, 1_550)
    advanceClock(clock, 1_550)
    assert.is(clock.offsetMs, 101.5)
  })

  it('is set again when snapshots are more than 300 ms late; the shown tick waits for it', () => {
    const clock = evenClock()
    // The server stands still for 10 s.
    let nowMs = 1_100
    for (; nowMs < 11_100; nowMs += 16) advanceClock(clock, nowMs)
    assert.is(clock.shownTick, 112)
    take(clock, 105, nowMs - 1_050)
    assert.is(clock.offsetMs, nowMs - 1_050)
    const offsetMs = clock.offsetMs
    let stood = 0
    for (let frame = 1; frame < 60; frame++) {
      nowMs += 16
      while (clock.newestTick + step <= (nowMs - offsetMs) / tickMs)
        noteSnapshot(clock, clock.newestTick + step, nowMs)
      const before = clock.shownTick
      advanceClock(clock, nowMs)
      assert.ok(clock.shownTick >= before)
      if (clock.shownTick === before) stood++
    }
    assert.ok(stood > 0 && stood < 20, `stood for ${stood} frames`)
    const behindMs = nowMs - clock.offsetMs - clock.shownTick * tickMs
    assert.ok(Math.abs(behindMs - delayOf(clock)) < 20, `${behindMs} ms behind`)
  })

  it('counts jitter as RFC 3550 does, and learns it from the first snapshots on', () => {
    const clock = createShownClock(tickMs, 32)
    const late = [100, 116, 100, 108, 100]
    for (const [at, lateMs] of late.entries()) take(clock, (at + 1) * step, lateMs)
    // The means of 16; 16 16; 16 16 8; 16 16 8 8.
    assert.is(clock.jitterMs, 12)
    for (let tick = 30; tick <= 200; tick += step) take(clock, tick, 100)
    const before = clock.jitterMs
    take(clock, 205, 132)
    assert.is(clock.jitterMs, before + (32 - before) / 16)
  })

  it('delays by the interval and three times the jitter, at least 1.2 intervals, at most 500 ms', () => {
    const clock = evenClock()
    assert.is(clock.intervalMs, 50)
    assert.is(clock.jitterMs, 0)
    assert.is(delayOf(clock), 60)
    assert.is(delayOf({ ...clock, jitterMs: 20 }), 110)
    assert.is(delayOf({ ...clock, jitterMs: 20, lateness: 1 }), 130)
    assert.is(delayOf({ ...clock, jitterMs: 200 }), 500)
    // What has left the history cannot be shown.
    assert.is(delayOf({ ...clock, jitterMs: 200, rows: 6 }), 200)
  })

  it('delays by up to four times the jitter while snapshots come too late, and by less again', () => {
    const clock = evenClock()
    for (let tick = 105; tick <= 1_000; tick += step) {
      take(clock, tick, lateAt(tick))
      advanceClock(clock, tick * tickMs + lateAt(tick) + 45)
    }
    const { lateness } = clock
    assert.ok(lateness > 0)
    for (let tick = 1_005; tick <= 5_000; tick += step) take(clock, tick, 100)
    assert.is(clock.lateness, 0)
  })

  it('is at most 120 ms beyond the newest snapshot', () => {
    const clock = evenClock()
    for (let nowMs = 1_116; nowMs < 2_000; nowMs += 16) {
      advanceClock(clock, nowMs)
      assert.ok(clock.shownTick <= 112)
    }
    assert.is(clock.shownTick, 112)
    assert.is(clock.newestTick, 100)
  })

  it('makes up for 200 ms by stretching time, and jumps beyond 300 ms', () => {
    for (const [gapMs, isJump] of [
      [250, false],
      [900, true],
    ] as const) {
      const clock = evenClock()
      const end = 1_100 + gapMs
      for (let nowMs = 1_116; nowMs < end; nowMs += 16) advanceClock(clock, nowMs)
      const before = clock.shownTick
      for (let tick = 105; tick * tickMs + 100 <= end; tick += step) noteSnapshot(clock, tick, end)
      advanceClock(clock, end)
      assert.is(clock.isJump, isJump, `after ${gapMs} ms`)
      assert.is(clock.isCut, false)
      assert.ok(isJump === (clock.shownTick - before) * tickMs > 17)
    }
  })

  it('catches up once after the page was hidden, and learns no jitter of that time', () => {
    const clock = evenClock()
    const { jitterMs, shownTick } = clock
    // Timers of a hidden page run once a second; there are no frames.
    for (let second = 1; second <= 30; second++)
      for (let tick = 100 + (second - 1) * 100 + step; tick <= 100 + second * 100; tick += step)
        noteSnapshot(clock, tick, 1_100 + second * 1_000)
    const nowMs = 1_100 + 30_000 + 16
    advanceClock(clock, nowMs)
    assert.is(clock.jitterMs, jitterMs)
    assert.ok(clock.isJump && clock.isCut)
    assert.ok(clock.shownTick > shownTick + 2_990)
    advanceClock(clock, nowMs + 16)
    assert.not(clock.isJump)
    assert.ok(Math.abs(clock.shownTick * tickMs - (nowMs + 16 - 100) + 60) < 20)
  })

  it('does not go back, and stretches time by 5 % at most, whatever arrives', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = mulberry32(seed)
      const clock = createShownClock(tickMs, 32)
      let nowMs = 0
      let tick = 0
      let lateMs = 100
      const due: { tick: number; atMs: number }[] = []
      for (let frame = 0; frame < 2_000; frame++) {
        const passedMs = 5 + random() * 30
        nowMs += passedMs
        if (random() < 0.002) lateMs = random() * 2_000
        for (; (tick + step) * tickMs <= nowMs; tick += step)
          if (random() > 0.1)
            due.push({ tick: tick + step, atMs: (tick + step) * tickMs + lateMs + random() * 60 })
        due.sort((a, b) => a.atMs - b.atMs)
        while (due.length > 0 && due[0]!.atMs <= nowMs)
          noteSnapshot(clock, due.shift()!.tick, nowMs)
        const before = clock.shownTick
        advanceClock(clock, nowMs)
        if (Number.isNaN(before)) continue
        const stepMs = (clock.shownTick - before) * tickMs
        const where = `seed ${seed}, frame ${frame}: ${stepMs} of ${passedMs} ms`
        assert.ok(stepMs >= 0, where)
        assert.ok(clock.isJump || stepMs <= passedMs * 1.05 + 1e-6, where)
        const isSlow = stepMs < passedMs * 0.95 - 1e-6
        const atEnd = clock.shownTick * tickMs >= clock.newestTick * tickMs + 120 - 1e-6
        assert.ok(!isSlow || clock.isHolding || atEnd, where)
      }
    }
  })
})
