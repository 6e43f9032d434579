/** Where the library takes time from. Inject another one to run without real time. */
export interface Clock {
  /** Milliseconds that never jump back, from any origin. */
  now(): number
  /**
   * Calls `run` once, `delayMs` from now. Returns a function that cancels it. A timer with `isBackground` need not keep a
   * program alive.
   */
  setTimer(run: () => void, delayMs: number, isBackground?: boolean): () => void
  /**
   * Calls `run` once, when the event loop has turned: what has already arrived is read first. Returns a function that
   * cancels it. A clock without it uses a timer of 0.
   */
  setTurn?(run: () => void): () => void
}

/** Real time: `performance.now()`, `setTimeout`, and `setImmediate` where there is one. */
export const realClock: Clock = {
  now: () => performance.now(),
  setTimer(run, delayMs, isBackground = false) {
    const timer: unknown = setTimeout(run, delayMs)
    // In browsers it is a number.
    if (isBackground && typeof timer === 'object') (timer as NodeJS.Timeout).unref()
    return () => clearTimeout(timer as NodeJS.Timeout)
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
