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
import { type FrameFault, type FrameSink, type FrameSource } from './FrameSource.ts'

/** The frames that arrive at a network socket. */
export class ReadFrames implements FrameSource, FrameReaderSink {
  readonly #socket: Socket
  readonly #sink: FrameSink
  readonly #reader: FrameReader
  /** Of the peer's close frame. */
  #closeCode: number | undefined
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

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

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

  close(code: number | undefined, payload: Uint8Array): void {
    this.#closeCode = code ?? noCode
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
    this.#sink.closed(this.#closeCode)
  }
}

/** Stands for the code that a close frame without one has (RFC 6455 section 7.4.1). */
const noCode = 1005
