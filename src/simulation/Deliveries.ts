import { type Clock } from '../clock/Clock.ts'

interface Delivery {
  /** What was added first runs first, of what falls due at once. */
  readonly order: number
  readonly run: () => void
}

/** What is on its way, in order of its arrival, with one timer for the first of it. */
export class Deliveries {
  readonly #clock: Clock
  /** A heap: each is due no earlier than the one at half its index. */
  readonly #heap: Delivery[] = []
  /** When each is due, so that few of them themselves are looked at. */
  readonly #dueMs: number[] = []
  #order = 0
  #timerMs = Infinity
  #cancel: (() => void) | undefined
  /** What arrives can cause more to arrive at once: that waits until it is done. */
  #isRunning = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get count(): number {
    return this.#heap.length
  }

  /** Runs `run` at a time: before this returns if that has come, unless what was added before is running. */
  add(dueMs: number, run: () => void): void {
    this.#push(dueMs, { order: this.#order++, run })
    if (this.#isRunning) return
    if (dueMs <= this.#clock.now()) this.#runDue()
    else this.#setTimer()
  }

  /** Nothing of it arrives. */
  clear(): void {
    this.#heap.length = this.#dueMs.length = 0
    this.#cancel?.()
    this.#timerMs = Infinity
  }

  #runDue(): void {
    this.#isRunning = true
    try {
      while (this.#firstMs <= this.#clock.now()) this.#pop().run()
    } finally {
      this.#isRunning = false
      this.#setTimer()
    }
  }

  get #firstMs(): number {
    return this.#dueMs[0] ?? Infinity
  }

  #setTimer(): void {
    const dueMs = this.#firstMs
    if (dueMs >= this.#timerMs) return
    this.#cancel?.()
    this.#timerMs = dueMs
    this.#cancel = this.#clock.setTimer(this.#onTimer, dueMs - this.#clock.now())
  }

  readonly #onTimer = (): void => {
    this.#timerMs = Infinity
    this.#runDue()
  }

  #push(dueMs: number, delivery: Delivery): void {
    let index = this.#heap.length
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#isBefore(dueMs, delivery, parent)) break
      this.#put(index, this.#dueMs[parent]!, this.#heap[parent]!)
      index = parent
    }
    this.#put(index, dueMs, delivery)
  }

  /** Takes the first out. */
  #pop(): Delivery {
    const heap = this.#heap
    const first = heap[0]!
    const lastMs = this.#dueMs.pop()!
    const last = heap.pop()!
    const { length } = heap
    if (length === 0) return first
    let index = 0
    for (let child = 1; child < length; child = index * 2 + 1) {
      const other = child + 1
      if (other < length && this.#isBefore(this.#dueMs[other]!, heap[other]!, child)) child = other
      if (this.#isBefore(lastMs, last, child)) break
      this.#put(index, this.#dueMs[child]!, heap[child]!)
      index = child
    }
    this.#put(index, lastMs, last)
    return first
  }

  #put(index: number, dueMs: number, delivery: Delivery): void {
    this.#dueMs[index] = dueMs
    this.#heap[index] = delivery
  }

  /** Whether a delivery runs before the one at an index. */
  #isBefore(dueMs: number, { order }: Delivery, index: number): boolean {
    const otherMs = this.#dueMs[index]!
    return dueMs < otherMs || (dueMs === otherMs && order < this.#heap[index]!.order)
  }
}
