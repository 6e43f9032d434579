import { type Socket } from 'node:net'
import { type MessageType } from '../../constants/MessageType.ts'
import {
  createFrameReader,
  endReader,
  feedFrames,
  type FrameReader,
  type FrameReaderSink,
} from '../../protocol/webSocket/FrameReader.ts'
import { webSocketBytesMax } from './webSocketBytesMax.ts'

/** What is wrong with what arrives: it is not WebSocket, or too large. */
export type FrameFault = 'malformed' | 'tooLarge'

/** What receives what {@link ReadFrames} reads. */
export interface FrameSink {
  /** A whole message; the bytes are the receiver's. */
  message(bytes: Uint8Array, type: MessageType): void
  /** Whole binary messages of one frame each, as `receivedFrames` of a connection's events has them. */
  frames(bytes: Uint8Array, view: DataView, count: number): void
  /** A ping, which must be answered with its payload. */
  pinged(payload: Uint8Array): void
  ponged(): void
  /**
   * The peer has ended its side. Only `closed` follows.
   *
   * @param answer payload of its close frame, and of the answer; `undefined` if it has sent none
   */
  closing(answer: Uint8Array | undefined): void
  /** The peer has broken the protocol, and is told so with this code. Only `closed` follows. */
  broken(kind: FrameFault, code: number): void
  /** The network socket has closed. Nothing follows. */
  closed(): void
}

/**
 * Reads the frames that arrive at a network socket. It has passed on what had arrived before it says that the connection has
 * closed.
 */
export class ReadFrames implements FrameReaderSink {
  readonly #socket: Socket
  readonly #sink: FrameSink
  readonly #reader: FrameReader
  /** Whether frames may be written: not once the peer has begun to close, has broken the protocol, or has ended its side. */
  isOpen = true

  /** @param head what has arrived already */
  constructor(
    socket: Socket,
    head: Uint8Array,
    role: 'server' | 'client',
    messageBytesMax: number,
    sink: FrameSink,
  ) {
    this.#socket = socket
    this.#sink = sink
    this.#reader = createFrameReader(role, Math.min(messageBytesMax, webSocketBytesMax))
    // First: with a listener it would be emitted at once.
    if (head.length > 0) socket.unshift(head)
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('end', () => this.#onEnd())
    socket.on('close', () => this.#onClosed())
  }

  /** Drops what arrives from now on: only `closed` follows. */
  discard(): void {
    endReader(this.#reader)
    // Only taken off the line: unread bytes would make the operating system reset the connection and drop what was sent
    // last.
    this.#socket.removeAllListeners('data')
    this.#socket.resume()
  }

  #read({ buffer, byteOffset, length }: Buffer): void {
    const bytes = new Uint8Array(buffer, byteOffset, length)
    feedFrames(this.#reader, bytes, new DataView(buffer, byteOffset, length), this)
  }

  // The reader calls these.

  message(bytes: Uint8Array, type: MessageType): void {
    this.#sink.message(bytes, type)
  }

  frames(bytes: Uint8Array, view: DataView, count: number): void {
    this.#sink.frames(bytes, view, count)
  }

  ping(payload: Uint8Array): void {
    this.#sink.pinged(payload)
  }

  pong(): void {
    this.#sink.ponged()
  }

  close(_code: number | undefined, payload: Uint8Array): void {
    this.#leave()
    this.#sink.closing(payload)
  }

  fault(kind: FrameFault, code: number): void {
    this.#leave()
    this.#sink.broken(kind, code)
  }

  /** The peer has ended its side without a close frame. */
  #onEnd(): void {
    if (!this.isOpen) return
    this.#leave()
    this.#sink.closing(undefined)
  }

  #leave(): void {
    this.isOpen = false
    this.discard()
  }

  #onClosed(): void {
    // What had arrived while nothing was read comes first.
    const rest = this.isOpen ? (this.#socket.read() as Buffer | null) : null
    if (rest !== null) this.#read(rest)
    this.isOpen = false
    this.#sink.closed()
  }
}
