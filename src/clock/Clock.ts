/** Where the library takes time from. Inject another one to run without real time. */
export interface Clock {
  /** Milliseconds that never jump back, from any origin. */
  now(): number
  /** Calls `run` once, `delayMs` from now. Returns a function that cancels it. */
  setTimer(run: () => void, delayMs: number): () => void
  /**
   * Calls `run` once, when the event loop has turned: what has already arrived is read first. Returns a function that
   * cancels it. A clock without it uses a timer of 0.
   */
  setTurn?(run: () => void): () => void
}

/** Real time: `performance.now()`, `setTimeout`, and `setImmediate` where there is one. */
export const realClock: Clock = {
  now: () => performance.now(),
  setTimer(run, delayMs) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
  setTurn(run) {
    // Node calls it after it has polled the sockets. Browsers have none.
    if (typeof setImmediate !== 'function') return realClock.setTimer(run, 0)
    const immediate = setImmediate(run)
    return () => clearImmediate(immediate)
  },
}

/** Calls `run` when the event loop has turned. Returns a function that cancels it. */
export function setTurn(clock: Clock, run: () => void): () => void {
  return clock.setTurn === undefined ? clock.setTimer(run, 0) : clock.setTurn(run)
}
