import { outOfRange, wrongType } from '../errors/argumentErrors.ts'
import { collect, throwCollected } from '../errors/collect.ts'
import { type Clock } from './Clock.ts'

/** A `Clock` whose time stands still until `advance` moves it: for tests, replays and simulations. */
export interface VirtualClock extends Clock {
  /**
   * Moves the time forward by `ms` milliseconds (a finite number >= 0) and runs every timer that falls
   * due on the way, in order of due time, then of creation. `now()` stands at a timer's due time while
   * that timer runs. Timers set meanwhile that fall due inside the span run too; `advance(0)` runs what
   * is due now.
   *
   * Called by a timer, it only moves the time, as work that takes `ms` would: what falls due meanwhile
   * runs late, after that timer. What falls due beyond the span of the outer call waits for the next.
   *
   * A timer that throws costs no other timer its run: `advance` finishes, then throws the error, an
   * `AggregateError` if several. After 1,000,000 timers in one call it gives up with an `Error` (a timer
   * that sets itself again with delay 0 never ends); time then stands where it got to.
   */
  advance(ms: number): void
  /** Timers that are set and have neither run nor been cancelled. */
  readonly pendingTimers: number
}

interface Timer {
  readonly due: number
  readonly run: () => void
}

const TIMERS_PER_ADVANCE_MAX = 1_000_000

/**
 * Makes a clock that stands at 0 ms. Delays that are negative or `NaN` count as 0; an infinite one
 * stays pending until it is cancelled.
 */
export function createVirtualClock(): VirtualClock {
  let time = 0
  let advancing = false
  // The next timer to run stands last, so that taking it is cheap.
  const timers: Timer[] = []

  function runUntil(end: number): unknown[] {
    const errors: unknown[] = []
    for (let count = 0; ; count++) {
      const next = timers.at(-1)
      if (next === undefined || next.due > end) break
      if (count === TIMERS_PER_ADVANCE_MAX) {
        errors.push(
          new Error(`advance: gave up after ${count} timers, ${end - time} ms before the end`),
        )
        return errors
      }
      timers.pop()
      // A timer that advanced the clock itself may have made this one late.
      time = Math.max(time, next.due)
      collect(errors, next.run)
    }
    time = Math.max(time, end)
    return errors
  }

  return {
    now: () => time,
    setTimer(run, delayMs) {
      const timer: Timer = { due: time + (delayMs > 0 ? delayMs : 0), run }
      const last = timers.at(-1)
      if (last === undefined || timer.due < last.due) timers.push(timer)
      else timers.splice(insertionIndex(timers, timer.due), 0, timer)
      return () => {
        const index = timers.lastIndexOf(timer)
        if (index >= 0) timers.splice(index, 1)
      }
    },
    advance(ms) {
      checkSpan(ms)
      if (advancing) {
        time += ms
        return
      }
      advancing = true
      const errors = runUntil(time + ms)
      advancing = false
      throwCollected(errors)
    },
    get pendingTimers() {
      return timers.length
    },
  }
}

/** Where a timer due at `due` belongs: before (so run after) all that are due at that time already. */
function insertionIndex(timers: readonly Timer[], due: number): number {
  let low = 0
  let high = timers.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (timers[middle]!.due > due) low = middle + 1
    else high = middle
  }
  return low
}

function checkSpan(ms: unknown): void {
  if (typeof ms !== 'number') throw wrongType('advance', 'ms', 'a number', ms)
  if (!(ms >= 0 && ms < Infinity)) throw outOfRange('advance', 'ms', 'a finite number >= 0', ms)
}
