import { collect, throwCollected } from '../errors/collect.ts'
import { type Clock, realClock, setTurn } from './Clock.ts'
import { outOfRange, wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionTable } from '../errors/checkOptions.ts'
import { checkClock, checkFunction, integerIn } from '../errors/optionChecks.ts'

/** How `startTicks` runs. */
export interface TicksOptions {
  /** Ticks per second: a number > 0 and <= 1000, whole or not. */
  readonly hz: number
  /** Most ticks caught up when the driver wakes up late: an integer >= 1, 5 by default. */
  readonly catchUpMax?: number
  /** Receives what a step throws; the ticks go on. Without it the error ends the program, unless something catches it. */
  readonly onError?: (error: unknown) => void
  /** Receives a warning, once, when more than a tenth of the ticks overrun: `console.warn` by default. */
  readonly warn?: (message: string) => void
  /** Where time comes from: `realClock` by default. */
  readonly clock?: Clock
}

/** Running ticks, as `startTicks` returns them. The counters stay readable after `stop`. */
export interface Ticks {
  /** Steps run, with the running one and those that threw. */
  readonly ticks: number
  /** Steps that took longer than one interval. */
  readonly overruns: number
  /** Ticks dropped because more than `catchUpMax` were late. */
  readonly skipped: number
  /** `true` until `stop` is called. */
  readonly running: boolean
  /** Ends the ticks: no step begins after it. May be called inside a step, and again. */
  stop(): void
}

/**
 * Calls `step` `hz` times a second at a fixed rate, until `stop` is called. Nothing runs before
 * `startTicks` returns; the first step comes one interval later. On the real clock, running ticks keep
 * a Node process alive.
 *
 * The driver's n-th tick is due `n * 1000 / hz` ms after the start, whatever the steps before it took,
 * so the rate does not drift. A step never comes early; timers of whole milliseconds make it come up to
 * about 1 ms late. Ticks that are late are caught up, at most `catchUpMax` of them; what is late beyond
 * that is dropped and counted in `skipped`, and the next ticks keep the phase. The event loop turns
 * between two steps, so sockets are read between them.
 *
 * `step` gets the number of the call, from 1 without gaps: dropped ticks use up no number, so a
 * simulation that steps by `1 / hz` seconds has lived through `tick / hz` seconds, and
 * `(tick + skipped) / hz` seconds have been due since the start. `step` is synchronous: a promise it
 * returns is not waited for.
 *
 * What `step` throws goes to `onError`. Without that it goes to the caller of the timer (Node's
 * `uncaughtException`, or the `advance` of a virtual clock). Either way the ticks go on, if the program does.
 *
 * When more than a tenth of the ticks overrun, `warn` receives one message. What `warn` and `onError`
 * throw goes to the caller of the timer.
 *
 * Throws a `TypeError` or `RangeError` for arguments outside of what is said above, and a `TypeError` for an option that
 * does not exist.
 */
export function startTicks(step: (tick: number) => void, options: TicksOptions): Ticks {
  checkFunction('startTicks', 'step', step)
  checkOptions('startTicks', 'option', options, optionChecks)
  optionChecks.hz('startTicks', 'hz', options.hz)
  return new TickDriver(step, options)
}

/** Timers of whole milliseconds come no faster. */
const HZ_MAX = 1000

const optionChecks: OptionTable<TicksOptions> = {
  hz(where, name, value) {
    if (typeof value !== 'number') throw wrongType(where, name, 'a number', value)
    if (!(value > 0 && value <= HZ_MAX))
      throw outOfRange(where, name, `> 0 and <= ${HZ_MAX}`, value)
  },
  catchUpMax: /* @__PURE__ */ integerIn(1, Number.MAX_SAFE_INTEGER),
  onError: checkFunction,
  warn: checkFunction,
  clock: checkClock,
}

/** `setTimeout` takes a longer delay for 1 ms. */
const DELAY_MS_MAX = 2 ** 31 - 1

/** Overruns are counted in blocks of this many ticks, so that a program that becomes slow late is warned of too. */
const blockTicks = 100

class TickDriver implements Ticks {
  ticks = 0
  overruns = 0
  skipped = 0
  running = true
  readonly #step: (tick: number) => void
  readonly #hz: number
  readonly #catchUpMax: number
  readonly #clock: Clock
  readonly #onError: ((error: unknown) => void) | undefined
  readonly #warn: (message: string) => void
  readonly #origin: number
  /** Ticks of the schedule that are run or dropped. */
  #done = 0
  /** Ticks that were late at the last wake-up, and are still to be run. */
  #left = 0
  #blockOverruns = 0
  #hasWarned = false
  #cancel: () => void

  constructor(step: (tick: number) => void, options: TicksOptions) {
    const { hz, catchUpMax = 5, clock = realClock, onError } = options
    const { warn = (message: string) => console.warn(message) } = options
    this.#step = step
    this.#hz = hz
    this.#catchUpMax = catchUpMax
    this.#clock = clock
    this.#onError = onError
    this.#warn = warn
    this.#origin = clock.now()
    this.#cancel = this.#setTimer(this.#dueTime(1) - this.#origin)
  }

  stop(): void {
    this.running = false
    this.#cancel()
  }

  #setTimer(delayMs: number): () => void {
    return this.#clock.setTimer(() => this.#wake(), Math.min(Math.max(delayMs, 0), DELAY_MS_MAX))
  }

  /** Always from the origin: a sum of intervals would drift. */
  #dueTime(n: number): number {
    return this.#origin + (n * 1000) / this.#hz
  }

  /** How many ticks of the schedule are due at `now`. */
  #dueCount(now: number): number {
    let count = Math.floor(((now - this.#origin) * this.#hz) / 1000)
    // The division rounds; `#dueTime` decides.
    while (this.#dueTime(count + 1) <= now) count++
    while (count > this.#done && this.#dueTime(count) > now) count--
    return count
  }

  #wake(): void {
    if (!this.running) return
    const now = this.#clock.now()
    const late = this.#dueCount(now) - this.#done
    if (late <= 0) {
      // Early, as timers that cut off fractions are. Rounding up keeps them from firing early again
      // and again until the time has come.
      this.#cancel = this.#setTimer(Math.ceil(this.#dueTime(this.#done + 1) - now))
      return
    }
    const dropped = Math.max(late - this.#catchUpMax, 0)
    this.skipped += dropped
    this.#done += dropped
    this.#left = late - dropped
    this.#catchUp()
  }

  /** Runs one tick that is due. Those that are late too follow, each after a turn of the event loop. */
  #catchUp(): void {
    if (!this.running) return
    this.#left--
    try {
      this.#runStep()
    } finally {
      if (this.running) this.#cancel = this.#setNext()
    }
  }

  #setNext(): () => void {
    if (this.#left > 0) return setTurn(this.#clock, () => this.#catchUp())
    return this.#setTimer(this.#dueTime(this.#done + 1) - this.#clock.now())
  }

  #runStep(): void {
    const begin = this.#clock.now()
    this.#done++
    this.ticks++
    const errors: unknown[] = []
    collect(errors, () => this.#step(this.ticks))
    const onError = this.#onError
    if (errors.length > 0 && onError !== undefined) collect(errors, () => onError(errors.shift()))
    collect(errors, () => this.#countOverrun(this.#clock.now() - begin))
    throwCollected(errors)
  }

  #countOverrun(tookMs: number): void {
    const intervalMs = 1000 / this.#hz
    if (this.ticks % blockTicks === 1) this.#blockOverruns = 0
    if (tookMs <= intervalMs) return
    this.overruns++
    this.#blockOverruns++
    if (this.#hasWarned || this.#blockOverruns * 10 <= blockTicks) return
    this.#hasWarned = true
    const warn = this.#warn
    warn(
      `bitecs-networking: startTicks: more than a tenth of the ticks take longer than ${formatMs(intervalMs)} ms, the last one ${formatMs(tookMs)} ms`,
    )
  }
}

function formatMs(ms: number): string {
  return String(Math.round(ms * 10) / 10)
}
