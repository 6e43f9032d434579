import { Fifo } from './Fifo.ts'
import { type Connection } from '../transport/Transport.ts'
import { type Deliveries } from './Deliveries.ts'
import { type SegmentLine, windowBytes } from './SegmentLine.ts'

/** What an event takes in memory besides its bytes, so that a flood of empty messages is bounded too. */
const bytesPerEvent = 128

/** What has come through. */
interface Arrival {
  readonly size: number
  readonly emit: () => void
}

/** Carries what a real connection emits to a receiver that may be paused. The peer waits while too much is held. */
export class ReceivingLine {
  /** What is paused when too much is held. */
  real: Connection | undefined
  readonly #deliveries: Deliveries
  readonly #line: SegmentLine
  /** What waits while its receiver is paused. */
  readonly #arrived = new Fifo<Arrival>()
  /** Of what is on the line, or has arrived. */
  #heldBytes = 0
  #isPaused = false
  #isRealPaused = false
  #isDelivering = false
  #hasStopped = false

  constructor(deliveries: Deliveries, line: SegmentLine) {
    this.#deliveries = deliveries
    this.#line = line
  }

  get isCut(): boolean {
    return this.#line.direction.isCut
  }

  /** The pieces in which bytes of a stream arrive. */
  piecesOf(bytes: Uint8Array): readonly Uint8Array[] {
    return this.#line.direction.piecesOf(bytes)
  }

  /** Calls `emit` when what came before has been emitted: at once, if nothing delays it. */
  carry(size: number, emit: () => void): void {
    if (this.#hasStopped) return
    this.#heldBytes += size + bytesPerEvent
    this.#line.send(size, () => {
      this.#arrived.push({ size, emit })
      this.#deliver()
    })
    this.#regulate()
  }

  pause(): void {
    this.#isPaused = true
    this.#regulate()
  }

  resume(): void {
    this.#isPaused = false
    this.#deliver()
  }

  /** Nothing is emitted any more, and nothing is held up. */
  stop(): void {
    this.#hasStopped = true
    this.#arrived.clear()
    this.#line.drop()
    this.#deliveries.clear()
    if (this.#isRealPaused) this.real?.resume()
    this.#isRealPaused = false
  }

  #deliver(): void {
    // A receiver can cause more to arrive: that waits until it is done with what is there.
    if (this.#isDelivering) return
    this.#isDelivering = true
    try {
      while (!this.#isPaused) {
        const next = this.#arrived.takeFirst()
        if (next === undefined) break
        this.#heldBytes -= next.size + bytesPerEvent
        next.emit()
      }
    } finally {
      this.#isDelivering = false
    }
    this.#regulate()
  }

  /** The peer has to wait while the receiver is paused, or too much is held. */
  #regulate(): void {
    const { real } = this
    if (real === undefined || this.#hasStopped) return
    const limit = this.#isRealPaused ? windowBytes / 2 : windowBytes
    const isPaused = this.#isPaused || this.#heldBytes > limit
    if (isPaused === this.#isRealPaused) return
    this.#isRealPaused = isPaused
    if (isPaused) real.pause()
    else real.resume()
  }
}
