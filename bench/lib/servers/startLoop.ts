// The loop of a server under test.
import { quantile } from '../statistics.ts'
import { type TickFigures } from './ServerOrder.ts'

/** A loop that runs until the process ends. */
export interface Loop {
  /** Figures of the ticks since the last call. */
  takeFigures(): TickFigures
}

/** Calls `step` `hz` times a second; or, if that is 0, once in every turn of the event loop. */
export function startLoop(step: () => void, hz: number): Loop {
  const intervalMs = hz > 0 ? 1000 / hz : 0
  let lateness: number[] = []
  let count = 0
  let gapMaxMs = 0
  let sinceMs = performance.now()
  let lastMs = sinceMs
  let dueMs = sinceMs

  function turn(): void {
    count++
    step()
    setImmediate(turn)
  }

  /** A tick that is missed is left out; those after it keep the phase. */
  function tick(): void {
    const nowMs = performance.now()
    if (nowMs >= dueMs) {
      count++
      lateness.push(nowMs - dueMs)
      gapMaxMs = Math.max(gapMaxMs, nowMs - lastMs)
      lastMs = nowMs
      dueMs += intervalMs * Math.ceil((nowMs - dueMs) / intervalMs || 1)
      step()
    }
    setTimeout(tick, Math.max(1, Math.ceil(dueMs - performance.now())))
  }

  if (hz > 0) tick()
  else turn()
  return {
    takeFigures() {
      const nowMs = performance.now()
      // A tick that is still awaited counts too.
      const gap = hz > 0 ? Math.max(gapMaxMs, nowMs - lastMs) : 0
      const seconds = (nowMs - sinceMs) / 1000
      const figures = { count, seconds, lateP99Ms: quantile(lateness, 0.99), gapMaxMs: gap }
      lateness = []
      count = 0
      gapMaxMs = 0
      sinceMs = nowMs
      return figures
    },
  }
}
