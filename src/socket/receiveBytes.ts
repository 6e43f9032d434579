// What a connection receives becomes arrivals. Reading stops while too much of it waits for a tick.

import { framedBytes } from '#messageRun'
import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { MessageType } from '../constants/MessageType.ts'
import { createDataArrival, type DataArrival } from '../event/Arrival.ts'
import { queueArrival } from '../event/EventQueue.ts'
import { type EventSource } from '../event/AsyncLoad.ts'
import { type EventSocket } from '../event/EventSocket.ts'
import { feedMessage, feedStream, type StreamSink } from '../protocol/ByteStream.ts'
import { type SocketCounters } from './SocketCounters.ts'
import { type SocketHost } from './SocketHost.ts'
import { noteActive, restartUnfinished, type Watched, watchUnfinished } from './watch.ts'

/** A connection that receives: its stream emits what it finds through the socket. */
export interface Receiving extends EventSocket, EventSource, StreamSink, Watched {
  readonly host: SocketHost
  readonly counters: SocketCounters
  /** The transport keeps the limits of messages. */
  readonly isMessages: boolean
  /** It is not read, since too much of it waits for a tick. */
  isPaused: boolean
  /** Bytes that may wait for a tick before reading stops. */
  readonly queueBytesMax: number
  /** What is being read. */
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
  const chunk = memoryOf(bytes)
  if (!begin(socket, chunk, bytes.length)) return
  if (socket.isMessages) {
    socket.messageType = type ?? MessageType.binary
    feedMessage(socket.stream, chunk, type === MessageType.text, socket)
  } else feedStream(socket.stream, chunk, socket)
  endReceiving(socket)
}

/** Takes `count` messages in frames, which stand back to back, or none of them. Returns whether it has. */
export function receiveFrames(socket: Receiving, chunk: BufferMemory, count: number): boolean {
  const { stream } = socket
  const size = framedBytes(stream, chunk.bytes)
  if (size < 0) return false
  if (!begin(socket, chunk, size)) return true
  socket.messageType = MessageType.binary
  socket.messages(stream.raw ? 'frames' : 'framedPackets', chunk, 0, chunk.bytes.length, count)
  endReceiving(socket)
  return true
}

/** @param size bytes of the messages */
function begin(socket: Receiving, chunk: BufferMemory, size: number): boolean {
  if (!socket.host.isAlive()) return false
  socket.counters.add('bytesIn', size)
  noteActive(socket.host.watch, socket)
  socket.chunk = chunk
  return true
}

function endReceiving(socket: Receiving): void {
  socket.chunk = undefined
  if (socket.settings.readTimeoutMs > 0) watchUnfinished(socket.host.watch, socket)
}

/** Queues what the stream has found in `memory.bytes[at..end)`. */
export function queueData(
  socket: Receiving,
  kind: DataArrival['kind'],
  memory: BufferMemory,
  at: number,
  end: number,
  count: number,
): void {
  const { messageType, queued, host } = socket
  const arrival = createDataArrival(socket, socket, kind, memory, at, end, count, messageType)
  queueArrival(host.queue, arrival)
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
