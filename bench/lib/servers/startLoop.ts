// The loop of a server under test.
import { quantile } from '../statistics.ts'
import { type TickFigures } from './ServerOrder.ts'

/** A loop that runs until the process ends. */
export interface Loop {
  /** Ticks that have begun. */
  readonly count: number
  /** Figures of the ticks between two points of time, as `epochMs` has them. */
  figuresBetween(fromMs: number, toMs: number): TickFigures
}

/** Milliseconds that all processes of a machine share, with fractions. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now()
}

/** Calls `step` `hz` times a second; or, if that is 0, once in every turn of the event loop. */
export function startLoop(step: () => void, hz: number): Loop {
  const intervalMs = 1000 / hz
  const begun: number[] = []
  const lateness: number[] = []
  let count = 0
  let dueMs = epochMs()

  function turn(): void {
    count++
    step()
    setImmediate(turn)
  }

  /** A tick that is missed is left out; those after it keep the phase. */
  function tick(): void {
    const nowMs = epochMs()
    if (nowMs >= dueMs) {
      count++
      begun.push(nowMs)
      lateness.push(nowMs - dueMs)
      dueMs += intervalMs * Math.ceil((nowMs - dueMs) / intervalMs || 1)
      step()
    }
    setTimeout(tick, Math.max(1, Math.ceil(dueMs - epochMs())))
  }

  if (hz > 0) tick()
  else turn()
  return {
    get count() {
      return count
    },
    figuresBetween(fromMs, toMs) {
      const isInside = (ms: number): boolean => ms >= fromMs && ms < toMs
      const inside = lateness.filter((_, index) => isInside(begun[index] ?? 0))
      return {
        hz: (inside.length * 1000) / (toMs - fromMs),
        lateP99Ms: quantile(inside, 0.99),
        gapMaxMs: longestGap([...begun, epochMs()], fromMs, toMs),
      }
    },
  }
}

/** Of those gaps that reach into the time; the last time may be that of a tick that is still awaited. */
function longestGap(times: readonly number[], fromMs: number, toMs: number): number {
  let longest = 0
  for (const [index, end] of times.entries()) {
    const start = times[index - 1] ?? end
    if (end > fromMs && start < toMs) longest = Math.max(longest, end - start)
  }
  return longest
}
