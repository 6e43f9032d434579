/** Where the library takes time from. Inject another one to run without real time. */
export interface Clock {
  /** Milliseconds that never jump back, from any origin. */
  now(): number
  /** Calls `run` once, `delayMs` from now. Returns a function that cancels it. */
  setTimer(run: () => void, delayMs: number): () => void
}

/** Real time: `performance.now()` and `setTimeout`. */
export const realClock: Clock = {
  now: () => performance.now(),
  setTimer(run, delayMs) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
