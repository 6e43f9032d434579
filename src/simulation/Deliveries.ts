import { type Clock } from '../clock/Clock.ts'

interface Delivery {
  readonly dueMs: number
  /** What was added first runs first, of what falls due at once. */
  readonly order: number
  readonly run: () => void
}

/** What is on its way, in order of its arrival, with one timer for the first of it. */
export class Deliveries {
  readonly #clock: Clock
  /** A heap: each is due no earlier than the one at half its index. */
  readonly #heap: Delivery[] = []
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
    this.#push({ dueMs, order: this.#order++, run })
    if (this.#isRunning) return
    if (dueMs <= this.#clock.now()) this.#runDue()
    else this.#setTimer()
  }

  /** Nothing of it arrives. */
  clear(): void {
    this.#heap.length = 0
    this.#cancel?.()
    this.#timerMs = Infinity
  }

  #runDue(): void {
    this.#isRunning = true
    try {
      for (
        let first = this.#heap[0];
        first !== undefined && first.dueMs <= this.#clock.now();
        first = this.#heap[0]
      ) {
        this.#pop()
        first.run()
      }
    } finally {
      this.#isRunning = false
      this.#setTimer()
    }
  }

  #setTimer(): void {
    const dueMs = this.#heap[0]?.dueMs ?? Infinity
    if (dueMs >= this.#timerMs) return
    this.#cancel?.()
    this.#timerMs = dueMs
    this.#cancel = this.#clock.setTimer(this.#onTimer, dueMs - this.#clock.now())
  }

  readonly #onTimer = (): void => {
    this.#timerMs = Infinity
    this.#runDue()
  }

  #push(delivery: Delivery): void {
    const heap = this.#heap
    let index = heap.length
    heap.push(delivery)
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(delivery, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = delivery
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    const { length } = heap
    if (length === 0) return
    let index = 0
    for (let child = 1; child < length; child = index * 2 + 1) {
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
  }
}

function isBefore(a: Delivery, b: Delivery): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
}
