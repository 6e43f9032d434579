import { Fifo } from './Fifo.ts'
import { type Deliveries } from './Deliveries.ts'
import { type LinkDirection } from './LinkDirection.ts'

/** What a system without other settings does of itself: src/transport/node/socketOptions.ts. */
export const keepAliveMs = 20_000
/** Bytes that may be on their way, as the buffers of an operating system take them without a word. */
export const windowBytes = 4_194_304
/** What takes its time to leave does so in parts of this size, so that its progress shows. */
const partBytes = 65_536

/** What carries segments, and when. */
export interface SegmentHost {
  readonly deliveries: Deliveries
  now(): number
  /** Runs what is no arrival, once, later. */
  later(delayMs: number, run: () => void): void
  /** Calls `run` once when nothing cuts the direction any more. */
  onHealed(direction: LinkDirection, run: () => void): void
}

/** Counts what a line carries. */
export interface SegmentObserver {
  /** Bytes are sent, and so many packets of them were lost first. */
  sent(size: number, lostPackets: number): void
  /** All that was sent by one call has come through. */
  arrived(size: number, sentMs: number): void
}

interface Segment {
  readonly size: number
  /** Bytes that have come through with it: 0 before the last part of what was sent by one call. */
  readonly whole: number
  readonly sentMs: number
  readonly arrive: () => void
}

/** One direction of a connection: what is sent arrives in order, once, and late rather than never. */
export class SegmentLine {
  readonly direction: LinkDirection
  readonly #host: SegmentHost
  readonly #progressed: () => void
  readonly #observer: SegmentObserver | undefined
  /** What waits for the line to pass again. */
  readonly #waiting = new Fifo<Segment>()
  /** Bytes sent that have not left. */
  #leavingBytes = 0
  /** Bytes sent that have not arrived. */
  #travellingBytes = 0
  #lastArrivalMs = 0
  /** How much is on its way. */
  #travelling = 0

  /**
   * @param progressed runs when bytes have left, or have arrived
   */
  constructor(
    host: SegmentHost,
    direction: LinkDirection,
    progressed: () => void,
    observer?: SegmentObserver,
  ) {
    this.#host = host
    this.direction = direction
    this.#progressed = progressed
    this.#observer = observer
  }

  /** Bytes sent that wait to leave, or are more than may be on their way. */
  get pendingBytes(): number {
    return Math.max(this.#leavingBytes, this.#travellingBytes - windowBytes)
  }

  /**
   * Carries what follows what was sent before.
   *
   * @param size 0 for a word to the other end, whose headers count already
   * @param arrive runs at the other end: before this returns, if nothing delays it
   */
  send(size: number, arrive: () => void): void {
    if (this.#isClear) {
      if (size > 0 && this.#observer !== undefined) {
        this.#observer.sent(size, 0)
        this.#observer.arrived(size, this.#host.now())
      }
      arrive()
      return
    }
    let rest = size
    if (this.direction.conditions.bytesPerSecond < Infinity)
      for (; rest > partBytes; rest -= partBytes) this.#push(partBytes, 0, () => {})
    this.#push(rest, size, arrive)
  }

  /** What is sent arrives at once: the line is perfect, and nothing is before it. */
  get #isClear(): boolean {
    return this.#travelling === 0 && this.#waiting.count === 0 && this.direction.isPerfect
  }

  /** Drops what waits for the line to pass again. */
  drop(): void {
    this.#waiting.clear()
  }

  #push(size: number, whole: number, arrive: () => void): void {
    this.#leavingBytes += size
    this.#travellingBytes += size
    this.#waiting.push({ size, whole, sentMs: this.#host.now(), arrive })
    if (this.#waiting.count === 1) this.#pump()
  }

  #pump(): void {
    while (this.#waiting.count > 0) {
      if (this.direction.isCut) {
        this.#host.onHealed(this.direction, () => this.#retry())
        return
      }
      this.#carry(this.#waiting.takeFirst()!)
    }
  }

  /** The line passes again: what waits leaves when its sender tries again. */
  #retry(): void {
    const { first } = this.#waiting
    if (first === undefined) return
    const nowMs = this.#host.now()
    const tryMs = this.direction.nextTryMs(first.sentMs, nowMs)
    this.#host.later(tryMs - nowMs, () => this.#pump())
  }

  #carry({ size, whole, sentMs, arrive }: Segment): void {
    const { deliveries } = this.#host
    const nowMs = this.#host.now()
    const lostBefore = this.direction.lostPackets
    const { leavesMs, arrivesMs } = this.direction.sendSegment(nowMs, size)
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrivesMs)
    if (size > 0) this.#observer?.sent(size, this.direction.lostPackets - lostBefore)
    this.#travelling++
    // First: what leaves makes room for more, which must not overtake it.
    deliveries.add(this.#lastArrivalMs, () => {
      this.#travellingBytes -= size
      if (whole > 0) this.#observer?.arrived(whole, sentMs)
      arrive()
      this.#travelling--
      this.#progressed()
    })
    if (size === 0) return
    if (leavesMs > nowMs) deliveries.add(leavesMs, () => this.#left(size))
    else this.#left(size)
  }

  #left(size: number): void {
    this.#leavingBytes -= size
    this.#progressed()
  }
}
