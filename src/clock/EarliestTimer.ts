import { type Clock } from './Clock.ts'
import { setStep } from './patience.ts'

/** One timer for many things that are due: it runs for the earliest of them, when the event loop has turned. */
export class EarliestTimer {
  #dueMs = Infinity
  #cancel: (() => void) | undefined

  /** Runs `run` at `dueMs` by the time that `nowMs` is of, unless it is to run before that already. */
  set(clock: Clock, dueMs: number, nowMs: number, run: () => void): void {
    const atMs = Math.max(dueMs, nowMs)
    if (atMs >= this.#dueMs) return
    this.cancel()
    this.#dueMs = atMs
    this.#cancel = setStep(clock, atMs - nowMs, 0, false, () => {
      this.#dueMs = Infinity
      run()
    })
  }

  cancel(): void {
    this.#cancel?.()
    this.#dueMs = Infinity
  }
}
