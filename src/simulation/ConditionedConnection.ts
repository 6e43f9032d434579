import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { MessageType } from '../constants/MessageType.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { eachFramed } from '../protocol/webSocket/eachFramed.ts'
import {
  type CloseCause,
  type Connection,
  type ConnectionEvents,
  type MessageFraming,
  type MessageLimits,
} from '../transport/Transport.ts'
import { type BadLine, type LineUser } from './BadLine.ts'
import { type LineWay } from './ConditionedTransport.ts'
import { type Deliveries } from './Deliveries.ts'
import { ReceivingLine } from './ReceivingLine.ts'
import { keepAliveMs, SegmentLine } from './SegmentLine.ts'

/** How long what was sent before `close` may wait for a line that is cut. */
const lingerMs = 5_000

/** A connection of a real transport as it is behind a bad line. */
export class ConditionedConnection implements Connection, ConnectionEvents, LineUser {
  /** Only where the real connection has it. */
  ping?: () => void
  handshakeMs = 0
  readonly #line: BadLine
  readonly #isStream: boolean
  readonly #hasKeepAlive: boolean
  readonly #sending: Deliveries
  readonly #out: SegmentLine
  readonly #in: ReceivingLine
  #real: Connection | undefined
  /** Who receives: nobody before there is one, and after the end. */
  #events: ConnectionEvents | undefined
  #phase: 'connecting' | 'open' | 'closing' | 'over' = 'connecting'
  /** The real connection has ended, which its receiver does not know yet. */
  #hasEnd = false
  #isBlocked = false
  #bytesRead = 0
  /** What goes on when the line passes again. */
  readonly #onHealed: (() => void)[] = []

  /**
   * @param isStream messages have no limits
   * @param hasKeepAlive it ends when its line stays cut
   */
  constructor(line: BadLine, isStream: boolean, hasKeepAlive: boolean) {
    this.#line = line
    this.#isStream = isStream
    this.#hasKeepAlive = hasKeepAlive
    this.#sending = line.deliveries()
    this.#out = this.#lineOf('out', this.#sending, () => this.#emitDrained())
    const receiving = line.deliveries()
    this.#in = new ReceivingLine(
      receiving,
      this.#lineOf('in', receiving, () => {}),
    )
    line.users.add(this)
  }

  #lineOf(way: LineWay, deliveries: Deliveries, progressed: () => void): SegmentLine {
    const host = {
      deliveries,
      now: () => this.#line.clock.now(),
      later: (delayMs: number, run: () => void) =>
        deliveries.add(this.#line.clock.now() + delayMs, run),
      onHealed: (_: unknown, run: () => void) => void this.#onHealed.push(run),
    }
    return new SegmentLine(host, this.#line.direction(way), progressed)
  }

  /** Connects once the request for it has come through. */
  connect(events: ConnectionEvents, open: (events: ConnectionEvents) => Connection): void {
    this.#events = events
    this.#out.send(0, () => (this.#real = open(this)))
  }

  /**
   * A listener has accepted the real connection. What accepts this one learns of it later.
   *
   * @param accept emits it, and returns who receives; `undefined` if nobody takes it any more
   * @param reject emits that it has ended before that
   */
  accept(
    real: Connection,
    timeoutMs: number,
    accept: () => ConnectionEvents | undefined,
    reject: () => void,
  ): void {
    const { clock } = this.#line
    const beganMs = clock.now()
    this.#use(real)
    let isAccepted = false
    this.#in.carry(0, () => {
      isAccepted = true
      this.#phase = 'open'
      this.handshakeMs = (real.handshakeMs ?? 0) + clock.now() - beganMs
      const events = accept()
      if (events === undefined) this.close('goingAway')
      else if (this.#phase === 'open') this.#events = events
    })
    if (isAccepted) return
    this.#sending.add(beganMs + timeoutMs - (real.handshakeMs ?? 0), () => {
      if (isAccepted || this.#phase === 'over') return
      this.reset()
      reject()
    })
  }

  #use(real: Connection): void {
    this.#real = this.#in.real = real
    if (real.ping !== undefined) this.ping = () => this.#sendPing(real)
  }

  #sendPing(real: Connection): void {
    if (this.#phase === 'open') this.#out.send(0, () => real.ping?.())
  }

  // The real connection calls these.

  opened(real: Connection): void {
    this.#use(real)
    this.#in.carry(0, () => {
      this.#phase = 'open'
      this.#events?.opened(this)
    })
  }

  failed(error: NetworkError): void {
    this.#in.carry(0, () => this.#finish()?.failed(error))
  }

  received(bytes: Uint8Array, type?: MessageType): void {
    if (!this.#isStream) this.#in.carry(bytes.length, () => this.#events?.received(bytes, type))
    else
      for (const piece of this.#in.piecesOf(bytes))
        this.#in.carry(piece.length, () => this.#events?.received(piece))
  }

  /** Taken always: who receives them is asked when they have come through. */
  receivedFrames(bytes: Uint8Array, view: DataView, count: number): boolean {
    this.#in.carry(bytes.length, () => {
      if (this.#events?.receivedFrames?.(bytes, view, count) === true) return
      eachFramed(bytes, (message) => this.#events?.received(message, MessageType.binary))
    })
    return true
  }

  drained(): void {
    this.#emitDrained()
  }

  alive(): void {
    this.#in.carry(0, () => this.#events?.alive())
  }

  ended(reason: DisconnectReason): void {
    this.#hasEnd = true
    // Nobody is there any more for what waits to leave.
    if (this.#phase === 'closing') this.#finish()
    else this.#in.carry(0, () => this.#finish()?.ended(reason))
  }

  // Its line calls these.

  cut(): void {
    const { clock } = this.#line
    if (this.#phase === 'closing') this.#endIfCut(clock.now() + lingerMs)
    else if (this.#phase === 'open' && this.#hasKeepAlive) this.#endIfCut(clock.now() + keepAliveMs)
  }

  healed(): void {
    for (const run of this.#onHealed.splice(0)) run()
  }

  /** Ends when its line is cut at that time, as if the peer did not answer. */
  #endIfCut(atMs: number): void {
    this.#sending.add(atMs, () => {
      if (!this.#out.direction.isCut && !this.#in.isCut) return
      const events = this.#finish()
      this.#real?.reset()
      events?.ended(DisconnectReason.timedOut)
    })
  }

  // Who uses it calls these.

  get remoteIp(): string {
    return this.#real?.remoteIp ?? ''
  }

  get remotePort(): number {
    return this.#real?.remotePort ?? 0
  }

  get localPort(): number {
    return this.#real?.localPort ?? 0
  }

  get pendingBytes(): number {
    return this.#phase === 'over' ? 0 : this.#out.pendingBytes + (this.#real?.pendingBytes ?? 0)
  }

  /** What comes while the line is cut is no sign of life. */
  get bytesRead(): number {
    if (!this.#in.isCut) this.#bytesRead = this.#real?.bytesRead ?? 0
    return this.#bytesRead
  }

  get framing(): MessageFraming | undefined {
    return this.#real?.framing
  }

  isClosing(): boolean {
    return this.#hasEnd || this.#real?.isClosing?.() === true
  }

  write(bytes: Uint8Array, messages?: MessageLimits): void {
    if (this.#phase !== 'open') return
    if (!this.#isStream) this.#writePart(bytes, messages)
    else for (const piece of this.#out.direction.piecesOf(bytes)) this.#writePart(piece)
    this.#isBlocked = this.pendingBytes > 0
  }

  /** Copies what is late: it belongs to who has sent it. */
  #writePart(bytes: Uint8Array, messages?: MessageLimits): void {
    const part = { bytes, messages, hasArrived: false }
    this.#out.send(bytes.length, () => {
      part.hasArrived = true
      const real = this.#real!
      real.write(part.bytes, part.messages)
      if (real.pendingBytes > 0) this.#isBlocked = true
    })
    if (part.hasArrived) return
    // Not `slice`, which of a `Buffer` is no copy.
    part.bytes = new Uint8Array(bytes)
    if (messages !== undefined)
      part.messages = { ends: [...messages.ends], types: [...messages.types] }
  }

  pause(): void {
    this.#in.pause()
  }

  resume(): void {
    this.#in.resume()
  }

  close(cause?: CloseCause): void {
    const real = this.#real
    if (this.#phase === 'closing' || this.#phase === 'over') return
    if (this.#phase === 'connecting' || this.#hasEnd) {
      this.#finish()
      real?.close(cause)
      return
    }
    this.#phase = 'closing'
    this.#stopReceiving()
    this.#out.send(0, () => {
      this.#finish()
      real!.close(cause)
    })
    if (this.#out.direction.isCut) this.cut()
  }

  reset(reason?: DisconnectReason, advice?: string): void {
    this.#finish()
    this.#real?.reset(reason, advice)
  }

  /** Only for bytes that had to wait. */
  #emitDrained(): void {
    if (!this.#isBlocked || this.pendingBytes > 0) return
    this.#isBlocked = false
    this.#events?.drained()
  }

  /** Nothing is emitted any more. */
  #stopReceiving(): void {
    this.#events = undefined
    // The peer's end must show, and what it sends is dropped.
    this.#in.stop()
  }

  /** Nothing is carried any more. Returns the events for the last time. */
  #finish(): ConnectionEvents | undefined {
    const events = this.#events
    this.#phase = 'over'
    this.#stopReceiving()
    this.#out.drop()
    this.#sending.clear()
    this.#onHealed.length = 0
    this.#line.users.delete(this)
    return events
  }
}
