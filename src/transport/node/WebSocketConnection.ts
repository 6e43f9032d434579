// An open WebSocket in Node, of a server or a client.

import { type Socket } from 'node:net'
import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { MessageType } from '../../constants/MessageType.ts'
import { type NetworkError } from '../../constants/NetworkError.ts'
import { noBytes } from '../../constants/noBytes.ts'
import { endOfSlice } from '../../protocol/webSocket/endOfSlice.ts'
import { eachFramed } from '../../protocol/webSocket/eachFramed.ts'
import { Opcode } from '../../protocol/webSocket/frameHeader.ts'
import { frameBytesMax, type WebSocketFraming } from '../../protocol/webSocket/WebSocketFraming.ts'
import { type CloseCause, type Connection, type ConnectionEvents } from '../Transport.ts'
import { takeAddress } from './addresses.ts'
import { type FrameFault, type FrameSink, ReadFrames } from './ReadFrames.ts'
import { SocketWriter, type WriterOwner } from './SocketWriter.ts'
import { reasonOf } from './systemErrors.ts'

/** RFC 6455 section 7.4.1 and its registry. */
const closeCodes: Readonly<Record<CloseCause, number>> = { done: 1000, goingAway: 1001, full: 1013 }
const faultCodes: Partial<Record<DisconnectReason, number>> = {
  [DisconnectReason.malformed]: 1002,
  [DisconnectReason.tooLarge]: 1009,
}

/** A peer that asks on while so many answers wait, because it does not read, is ended. */
const waitingPongsMax = 60

/** Of a connection whose handshake was done before it. */
const noAttempt = (): void => {}

/** What a connection has once its handshake is done. */
interface OpenEnd {
  readonly socket: Socket
  readonly source: ReadFrames
  readonly writer: SocketWriter
}

/** One end of a WebSocket connection in Node. */
export class WebSocketConnection implements Connection, FrameSink, WriterOwner {
  remoteIp = ''
  remotePort = 0
  localPort = 0
  readonly framing: WebSocketFraming
  readonly handshakeMs: number
  readonly #abort: () => void
  #open: OpenEnd | undefined
  #events: ConnectionEvents | undefined
  /** What happened to the network socket. */
  #reason: DisconnectReason = DisconnectReason.reset
  /** Whether this side has ended the connection. */
  #hasLeft = false

  /** @param abort gives up a handshake that is not done */
  constructor(framing: WebSocketFraming, abort: () => void = noAttempt, handshakeMs = 0) {
    this.framing = framing
    this.handshakeMs = handshakeMs
    this.#abort = abort
  }

  /**
   * The handshake is done.
   *
   * @param head what has arrived behind it
   */
  open(socket: Socket, head: Uint8Array, role: 'server' | 'client', messageBytesMax: number): void {
    takeAddress(this, socket)
    this.localPort = socket.localPort ?? 0
    const source = new ReadFrames(socket, head, role, messageBytesMax, this)
    const writer = new SocketWriter(socket, this)
    this.#open = { socket, source, writer }
    socket.on('error', (error) => (this.#reason = reasonOf(error)))
    this.#events?.opened(this)
  }

  /** Sets who hears of it, unless this side has ended it already. */
  attach(events: ConnectionEvents): void {
    if (!this.#hasLeft) this.#events = events
  }

  /** It could not be made. */
  fail(error: NetworkError): void {
    this.#takeEvents()?.failed(error)
  }

  get bytesRead(): number {
    return this.#open?.socket.bytesRead ?? 0
  }

  get pendingBytes(): number {
    return this.#open?.writer.pendingBytes ?? 0
  }

  isClosing(): boolean {
    return this.#open?.source.isOpen === false
  }

  write(bytes: Uint8Array): void {
    if (this.#isWritable()) this.#open!.writer.write(bytes)
  }

  pause(): void {
    this.#open?.socket.pause()
  }

  resume(): void {
    this.#open?.socket.resume()
  }

  ping(): void {
    if (this.#isWritable()) this.#open!.writer.insert(this.framing.control(Opcode.ping, noBytes))
  }

  close(cause: CloseCause = 'done'): void {
    if (!this.#hasLeft) this.#end(closeCodes[cause])
  }

  reset(reason: DisconnectReason = DisconnectReason.none, advice?: string): void {
    this.#open?.writer.drop()
    const code = faultCodes[reason]
    if (!this.#hasLeft && code !== undefined) this.#end(code, advice)
    else {
      this.#leave()
      if (this.#open === undefined) this.#abort()
      else this.#open.writer.reset()
    }
  }

  #isWritable(): boolean {
    return !this.#hasLeft && this.#open?.source.isOpen === true
  }

  #leave(): void {
    this.#hasLeft = true
    this.#events = undefined
  }

  /** This side ends the connection: the peer hears of it behind what was written, and has a while to do the same. */
  #end(code: number, advice?: string): void {
    this.#leave()
    const open = this.#open
    if (open === undefined) this.#abort()
    else if (!open.source.isOpen) open.socket.destroySoon()
    else {
      open.source.discard()
      // Ends this direction at once instead of waiting for the peer's close frame, so that nothing keeps a process alive.
      open.writer.end(this.framing.close(code, advice))
    }
  }

  // The frame source calls these.

  message(bytes: Uint8Array, type: MessageType): void {
    this.#events?.received(bytes, type)
  }

  frames(bytes: Uint8Array, view: DataView, count: number): void {
    if (this.#events?.receivedFrames?.(bytes, view, count) !== true)
      eachFramed(bytes, (message) => this.message(message, MessageType.binary))
  }

  /** Answered between two slices (RFC 6455 section 5.5.3). */
  pinged(payload: Uint8Array): void {
    if (!this.#isWritable()) return
    const { writer, socket } = this.#open!
    if (writer.insertsWaiting >= waitingPongsMax) socket.destroy()
    else writer.insert(this.framing.control(Opcode.pong, payload))
  }

  ponged(): void {
    this.#events?.alive()
  }

  /** Nothing but the answer reaches the peer any more. */
  closing(answer: Uint8Array | undefined): void {
    const reason = answer === undefined ? this.#reason : DisconnectReason.closed
    this.#answerEnd(answer && this.framing.control(Opcode.close, answer), reason)
  }

  broken(kind: FrameFault, code: number): void {
    this.#answerEnd(this.framing.close(code), DisconnectReason[kind])
  }

  closed(): void {
    this.#open?.writer.closed()
    this.#tellEnded(this.#reason)
  }

  #answerEnd(lastBytes: Uint8Array | undefined, reason: DisconnectReason): void {
    const { writer } = this.#open!
    if (!this.#hasLeft) writer.drop()
    writer.end(lastBytes)
    this.#tellEnded(reason)
  }

  // The writer calls these.

  endOfSlice(bytes: Uint8Array): number {
    return endOfSlice(bytes, frameBytesMax)
  }

  /** Nothing may follow a close frame. */
  isOpen(): boolean {
    return this.#open!.source.isOpen
  }

  drained(): void {
    this.#events?.drained()
  }

  #tellEnded(reason: DisconnectReason): void {
    this.#takeEvents()?.ended(reason)
  }

  /** Nothing is emitted any more, but by the caller. */
  #takeEvents(): ConnectionEvents | undefined {
    const events = this.#events
    this.#events = undefined
    return events
  }
}
