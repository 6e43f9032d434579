// What a connection receives becomes arrivals. Reading stops while too much of it waits for a tick.

import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { MessageType } from '../constants/MessageType.ts'
import { createDataArrival, type DataArrival } from '../event/Arrival.ts'
import { queueArrival } from '../event/EventQueue.ts'
import { type EventSource } from '../event/AsyncLoad.ts'
import { type EventSocket } from '../event/EventSocket.ts'
import { feedMessage, feedStream, type StreamSink } from '../protocol/ByteStream.ts'
import { type SocketHost } from './SocketHost.ts'
import { restartUnfinished, type Watched } from './watch.ts'

/** A connection that receives: its stream emits what it finds through the socket. */
export interface Receiving extends EventSocket, EventSource, StreamSink, Watched {
  readonly host: SocketHost
  /** The transport keeps the limits of messages. */
  readonly isMessages: boolean
  /** It is not read, since too much of it waits for a tick. */
  isPaused: boolean
  /** Bytes that may wait for a tick before reading stops. */
  readonly queueBytesMax: number
  /** What is being read. Arrivals of one chunk share its memory. */
  chunk: BufferMemory | undefined
  /** What the message that is being read is; 0 where messages have no type. */
  messageType: MessageType | 0
}

/** Takes a chunk, or a message with its type. */
export function receiveBytes(
  socket: Receiving,
  bytes: Uint8Array,
  type: MessageType | undefined,
): void {
  const { stream } = socket
  const chunk = memoryOf(bytes)
  socket.chunk = chunk
  if (socket.isMessages) {
    socket.messageType = type ?? MessageType.binary
    feedMessage(stream, chunk, type === MessageType.text, socket)
  } else feedStream(stream, chunk, socket)
  socket.chunk = undefined
}

/** Queues what the stream has found in `bytes[at..end)`. */
export function queueData(
  socket: Receiving,
  kind: DataArrival['kind'],
  bytes: Uint8Array,
  at: number,
  end: number,
  count: number,
): void {
  const { chunk, messageType, queued, host } = socket
  const memory = chunk !== undefined && chunk.bytes === bytes ? chunk : memoryOf(bytes)
  queueArrival(
    host.queue,
    createDataArrival(socket, socket, kind, memory, at, end, count, messageType),
  )
  const isFull = queued.count >= host.config.queuedEventsMax || queued.bytes >= socket.queueBytesMax
  if (socket.isPaused || !isFull) return
  socket.isPaused = true
  socket.connection?.pause()
}

/** Reads on when a tick has taken enough. */
export function resumeIfDrained(socket: Receiving): void {
  const { host, queued, queueBytesMax } = socket
  const isFull = queued.count * 2 > host.config.queuedEventsMax || queued.bytes * 2 > queueBytesMax
  if (!socket.isPaused || isFull) return
  socket.isPaused = false
  restartUnfinished(host.watch, socket)
  socket.connection?.resume()
}
