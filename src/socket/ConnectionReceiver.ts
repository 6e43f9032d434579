import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { type SocketSettings } from '../config/SocketSettings.ts'
import { warn } from '../config/Warner.ts'
import { MessageType } from '../constants/MessageType.ts'
import { createDataArrival } from '../event/Arrival.ts'
import { queueArrival } from '../event/EventQueue.ts'
import { type EventSocket } from '../event/EventSocket.ts'
import { type EventSource } from '../event/EventSource.ts'
import {
  type ByteStream,
  feedMessage,
  feedStream,
  type StreamSink,
} from '../protocol/ByteStream.ts'
import { type Connection } from '../transport/Transport.ts'
import { type SocketCounters } from './SocketCounters.ts'
import { type SocketHost } from './SocketHost.ts'

/** The socket that a receiver works for. */
export interface ReceivingSocket extends EventSocket, EventSource {
  readonly host: SocketHost
  readonly settings: SocketSettings
  readonly counters: SocketCounters
  /** The transport keeps the limits of messages. */
  readonly isMessages: boolean
  readonly connection: Connection | undefined
  /** Sends bytes of the handshake. */
  reply(bytes: Uint8Array): void
  /** The handshake is done. */
  handshakeDone(): void
  /** The peer broke the protocol and `lost` bytes are dropped. */
  protocolBroken(cause: 'handshake' | 'malformed' | 'tooLarge', lost: number): void
}

/** Turns what a connection receives into arrivals, and stops reading while too much of it waits for a tick. */
export class ConnectionReceiver implements StreamSink {
  readonly stream: ByteStream
  isPaused = false
  readonly #socket: ReceivingSocket
  readonly #queueBytesMax: number
  #chunk: BufferMemory | undefined
  /** What the message that is being read is; 0 where messages have no type. */
  #messageType: MessageType | 0 = 0

  constructor(socket: ReceivingSocket, stream: ByteStream) {
    this.#socket = socket
    this.stream = stream
    const { queuedBytesMax } = socket.host.config
    this.#queueBytesMax = Math.max(queuedBytesMax, socket.settings.messageBytesMax)
  }

  /** Takes a chunk, or a message with its type. */
  receive(bytes: Uint8Array, type: MessageType | undefined): void {
    const { stream } = this
    const chunk = memoryOf(bytes)
    this.#chunk = chunk
    if (this.#socket.isMessages) {
      this.#messageType = type ?? MessageType.binary
      feedMessage(stream, chunk, type === MessageType.text, this)
    } else feedStream(stream, bytes, chunk.view, this)
    this.#chunk = undefined
  }

  /** Reads on when a tick has taken enough. Returns whether reading had stopped until now. */
  resumeIfDrained(): boolean {
    const { host, queued, connection } = this.#socket
    if (
      !this.isPaused ||
      queued.count * 2 > host.config.queuedEventsMax ||
      queued.bytes * 2 > this.#queueBytesMax
    )
      return false
    this.isPaused = false
    connection?.resume()
    return true
  }

  // The stream calls these.

  reply(bytes: Uint8Array): void {
    this.#socket.reply(bytes)
  }

  opened(): void {
    this.#socket.handshakeDone()
  }

  failed(cause: 'handshake' | 'malformed' | 'tooLarge', lost: number): void {
    this.#socket.protocolBroken(cause, lost)
  }

  packets(bytes: Uint8Array, at: number, end: number, count: number): void {
    this.#queue('packets', bytes, at, end, count)
  }

  rawBytes(bytes: Uint8Array, at: number, end: number): void {
    this.#queue('raw', bytes, at, end, 1)
  }

  discarded(count: number): void {
    const { counters, host, ip, port } = this.#socket
    counters.add('discardedBytes', count)
    warn(
      host.warner,
      'malformed',
      `discarded ${count} bytes from ${ip}:${port} that are no packet; does the other end use raw functions, and this one does not?`,
    )
  }

  #queue(kind: 'packets' | 'raw', bytes: Uint8Array, at: number, end: number, count: number): void {
    const socket = this.#socket
    const { host, queued } = socket
    const chunk = this.#chunk
    const memory = chunk !== undefined && chunk.bytes === bytes ? chunk : memoryOf(bytes)
    const messageType = this.#messageType
    queueArrival(
      host.queue,
      createDataArrival(socket, socket, kind, memory, at, end, count, messageType),
    )
    const isFull =
      queued.count >= host.config.queuedEventsMax || queued.bytes >= this.#queueBytesMax
    if (this.isPaused || !isFull) return
    this.isPaused = true
    socket.connection?.pause()
  }
}
