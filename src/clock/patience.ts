// Time limits of what a peer does. They run only while the event loop turns: while a program is stopped, or busy, what its
// peers have sent lies unread, and no peer is late.

import { type Clock, setTurn } from './Clock.ts'

/** How often time is counted. */
const stepMs = 100
/** The most that counts between two turns of the event loop, however long they are apart. */
const stepMsMax = 500
/** Steps end when the time was not asked for in this long, so that a program that has left it alone has no timer. */
const idleMs = 60_000

/**
 * Calls `run` once, when `limitMs` have passed while the event loop turned, after what has already arrived is read. A
 * standstill counts as a quarter of the limit at most. Returns a function that cancels it and returns the milliseconds that
 * have been counted.
 *
 * @param isBackground it need not keep a program alive
 */
export function setLimit(
  clock: Clock,
  limitMs: number,
  run: () => void,
  isBackground = false,
): () => number {
  let leftMs = limitMs
  const mostMs = Math.min(stepMsMax, limitMs / 4)
  const wait = (): (() => void) =>
    setStep(clock, Math.min(leftMs, stepMs, limitMs / 8), mostMs, isBackground, (passedMs) => {
      leftMs -= passedMs
      // Sums of fractions are not exact.
      if (leftMs < 0.001) run()
      else cancel = wait()
    })
  let cancel = wait()
  return () => {
    cancel()
    return limitMs - leftMs
  }
}

/**
 * Milliseconds that never jump back, for limits: while anything holds it they pass only as the event loop turns. Many limits
 * share one. While nothing holds it, it goes with the clock.
 */
export class Patience {
  /**
   * The time when the event loop last turned. What had arrived by then is read: limits are judged by this, and begin at
   * {@link Patience.now}.
   */
  turnedMs = 0
  readonly #config: { readonly clock: Clock }
  readonly #holders = new Set<object>()
  /** The clock that the next step waits for. */
  #clock: Clock | undefined
  #cancel: () => void = () => {}
  /** By the clock, when `turnedMs` was set. */
  #turnedAtMs = 0
  #askedAtMs = 0

  constructor(config: { readonly clock: Clock }) {
    this.#config = config
  }

  /** Whether it is held for `holder`, which has a limit that runs. */
  hold(holder: object, isHeld: boolean): void {
    if (this.#holders.has(holder) === isHeld) return
    this.turned()
    if (isHeld) this.#holders.add(holder)
    else this.#holders.delete(holder)
    if (this.#holders.size === 0) this.#stop()
    else this.now()
  }

  /** Passes for a minute at most without being called. */
  now(): number {
    const { clock } = this.#config
    this.#askedAtMs = clock.now()
    if (this.#holders.size === 0) this.turned()
    else if (this.#clock !== clock) {
      this.#stop()
      this.turned()
      this.#wait(clock)
    }
    return this.turnedMs + this.#sinceTurn()
  }

  /** The event loop has just turned. */
  turned(): void {
    this.turnedMs += this.#sinceTurn()
    this.#turnedAtMs = this.#config.clock.now()
  }

  #sinceTurn(): number {
    const passedMs = Math.max(this.#config.clock.now() - this.#turnedAtMs, 0)
    return this.#holders.size === 0 ? passedMs : Math.min(passedMs, stepMsMax)
  }

  #wait(clock: Clock): void {
    this.#clock = clock
    this.#cancel = setStep(clock, stepMs, stepMsMax, true, () => {
      this.#clock = undefined
      this.turned()
      if (this.#turnedAtMs - this.#askedAtMs < idleMs) this.#wait(clock)
    })
  }

  #stop(): void {
    this.#cancel()
    this.#clock = undefined
  }
}

/** Calls `run` when `delayMs` have passed and the event loop has turned, with the time that counts: `mostMs` at most. */
export function setStep(
  clock: Clock,
  delayMs: number,
  mostMs: number,
  isBackground: boolean,
  run: (passedMs: number) => void,
): () => void {
  const since = clock.now()
  const turn = (): void => {
    cancel = setTurn(clock, () => run(Math.min(clock.now() - since, mostMs)))
  }
  let cancel = clock.setTimer(turn, delayMs, isBackground)
  return () => cancel()
}
