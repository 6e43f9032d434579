/** What a network does to each datagram. Probabilities are from 0 to 1. */
export interface NetworkFaults {
  readonly loss: number
  readonly duplicate: number
  readonly corrupt: number
  readonly delayMs: number
  readonly jitterMs: number
  /** Of those that are held back, so that many that were sent later overtake them; 0 if absent. */
  readonly reorder?: number
  /** Nothing gets through at these times. */
  readonly isDown?: (ms: number) => boolean
}

/** How long a datagram is held back. */
const heldBackMs = 150

export interface Flight<To> {
  readonly ms: number
  readonly order: number
  readonly to: To
  readonly bytes: Uint8Array
}

/** Loses, doubles, delays and damages datagrams. What it does follows from `random`. */
export class BadNetwork<To> {
  faults: NetworkFaults
  readonly #random: () => number
  /** A heap, the next to arrive first. */
  readonly #flights: Flight<To>[] = []
  #order = 0

  constructor(random: () => number, faults: NetworkFaults) {
    this.#random = random
    this.faults = faults
  }

  /** When the next datagram arrives. */
  get nextMs(): number {
    return this.#flights[0]?.ms ?? Infinity
  }

  /** Datagrams on their way. */
  get size(): number {
    return this.#flights.length
  }

  carry(to: To, datagram: Uint8Array, nowMs: number): void {
    const { loss, duplicate, corrupt, delayMs, jitterMs, isDown, reorder = 0 } = this.faults
    const random = this.#random
    const copies = random() < duplicate ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      if (random() < loss || isDown?.(nowMs) === true) continue
      const bytes = datagram.slice()
      const isCut = random() < corrupt / 2
      if (random() < corrupt)
        bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8)
      const arriving = isCut ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes
      const heldMs = reorder > 0 && random() < reorder ? heldBackMs : 0
      this.#push({
        ms: nowMs + delayMs + random() * jitterMs + heldMs,
        order: this.#order++,
        to,
        bytes: arriving,
      })
    }
  }

  /** The next datagram to arrive. One must be on its way. */
  take(): Flight<To> {
    const heap = this.#flights
    const first = heap[0]!
    const last = heap.pop()!
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    if (heap.length > 0) heap[at] = last
    return first
  }

  #push(flight: Flight<To>): void {
    const heap = this.#flights
    let at = heap.push(flight) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(flight, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = flight
  }
}

function isBefore(one: Flight<unknown>, other: Flight<unknown>): boolean {
  return one.ms < other.ms || (one.ms === other.ms && one.order < other.order)
}
