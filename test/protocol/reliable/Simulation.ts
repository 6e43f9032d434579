import {
  createReliableLink,
  feedReliable,
  isIdle,
  nextRunMs,
  type ReliableLink,
  runReliable,
  sendReliable,
} from '../../../src/protocol/reliable/ReliableLink.ts'
import { readReliable } from '../../../src/protocol/reliable/reliableDatagram.ts'
import { mulberry32 } from '../../lib/random.ts'

/** What a network does to each datagram. Probabilities are from 0 to 1. */
export interface NetworkFaults {
  readonly loss: number
  readonly duplicate: number
  readonly corrupt: number
  readonly delayMs: number
  readonly jitterMs: number
  /** Nothing gets through at these times. */
  readonly isDown?: (ms: number) => boolean
}

/** One end and what it has told. */
export interface End {
  readonly link: ReliableLink
  readonly messages: Uint8Array[]
  /** When each message was told. */
  readonly toldMs: number[]
  readonly losses: { readonly cause: string; readonly ms: number }[]
  bytesIn: number
  bytesOut: number
  /** Set to end the process behind it. */
  isDead: boolean
}

interface Flight {
  readonly ms: number
  readonly order: number
  readonly to: End
  readonly bytes: Uint8Array
}

export interface SimulationOptions {
  readonly seed: number
  readonly faults: NetworkFaults
  readonly isOrdered?: boolean
  readonly messageBytesMax?: number
}

/** Two ends, a bad network between them, and time that moves from one thing that happens to the next. */
export class Simulation {
  nowMs = 0
  readonly a: End
  readonly b: End
  readonly random: () => number
  readonly #faults: NetworkFaults
  /** A heap, the next to arrive first. */
  readonly #flights: Flight[] = []
  #order = 0

  constructor({ seed, faults, isOrdered = false, messageBytesMax = 1 << 20 }: SimulationOptions) {
    this.random = mulberry32(seed)
    this.#faults = faults
    const createEnd = (): End => ({
      link: createReliableLink({
        createSession: () => Math.floor(this.random() * 2 ** 32),
        isOrdered,
        messageBytesMax,
        sendQueueBytesMax: 1 << 24,
      }),
      messages: [],
      toldMs: [],
      losses: [],
      bytesIn: 0,
      bytesOut: 0,
      isDead: false,
    })
    this.a = createEnd()
    this.b = createEnd()
  }

  send(from: End, bytes: Uint8Array): void {
    const result = sendReliable(from.link, bytes)
    if (result !== 'taken') throw new Error(`a message was not taken: ${result}`)
  }

  /** Lets time pass until nothing is left to do, or the end. */
  run(untilMs: number): void {
    for (;;) {
      for (const end of [this.a, this.b])
        if (!end.isDead && nextRunMs(end.link) <= this.nowMs) this.#runEnd(end)
      const nextMs = Math.min(
        this.#flights[0]?.ms ?? Infinity,
        ...[this.a, this.b].map((end) => (end.isDead ? Infinity : nextRunMs(end.link))),
      )
      if (nextMs > untilMs) break
      this.nowMs = Math.max(this.nowMs, nextMs)
      while ((this.#flights[0]?.ms ?? Infinity) <= this.nowMs) this.#arrive(this.#take())
    }
    if (untilMs !== Infinity) this.nowMs = untilMs
  }

  get isIdle(): boolean {
    return this.#flights.length === 0 && isIdle(this.a.link) && isIdle(this.b.link)
  }

  /** Hands a datagram to an end, as the network would. */
  arriveAt(end: End, bytes: Uint8Array): void {
    end.bytesIn += bytes.length
    const datagram = readReliable(bytes)
    if (datagram !== undefined)
      feedReliable(end.link, datagram, this.nowMs, this.#sinkOf(end), true)
  }

  #runEnd(end: End): void {
    runReliable(end.link, this.nowMs, this.#sinkOf(end))
  }

  #sinkOf(end: End): Parameters<typeof runReliable>[2] {
    return {
      send: (datagram) => {
        end.bytesOut += datagram.length
        this.#carry(end === this.a ? this.b : this.a, datagram)
      },
      message: (bytes) => {
        end.messages.push(bytes)
        end.toldMs.push(this.nowMs)
      },
      lost: (cause) => end.losses.push({ cause, ms: this.nowMs }),
    }
  }

  #carry(to: End, datagram: Uint8Array): void {
    const { loss, duplicate, corrupt, delayMs, jitterMs, isDown } = this.#faults
    const { random } = this
    const copies = random() < duplicate ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      if (random() < loss || isDown?.(this.nowMs) === true) continue
      const bytes = datagram.slice()
      const isCut = random() < corrupt / 2
      if (random() < corrupt)
        bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8)
      const arriving = isCut ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes
      this.#push({
        ms: this.nowMs + delayMs + random() * jitterMs,
        order: this.#order++,
        to,
        bytes: arriving,
      })
    }
  }

  #arrive({ to, bytes }: Flight): void {
    if (!to.isDead) this.arriveAt(to, bytes)
  }

  #push(flight: Flight): void {
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

  #take(): Flight {
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
}

function isBefore(one: Flight, other: Flight): boolean {
  return one.ms < other.ms || (one.ms === other.ms && one.order < other.order)
}
