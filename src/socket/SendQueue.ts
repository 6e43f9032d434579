import { type BatchPool, createBatchPool, returnBatch, trimBatches } from '../buffer/BatchPool.ts'
import { memoryOf } from '../buffer/BufferMemory.ts'
import { MessageType } from '../constants/MessageType.ts'
import { collectEach, throwCollected } from '../errors/collect.ts'
import { appendBytes, clearOutbox, type Outbox } from '../protocol/Outbox.ts'
import { type SocketCounters } from './SocketCounters.ts'
import { type Watch, type Watched, watchWriting } from './watch.ts'

/** A connection that can send. */
export interface Sendable extends Watched {
  readonly outbox: Outbox
  readonly counters: SocketCounters
}

/** Reliable messages of a UDP socket that leave together. */
export interface SendableLinks {
  /** Sends what may be sent now. */
  run(): void
}

/** The sockets of one world that have something to send: connections in one write per tick, and reliable UDP. */
export interface SendQueue {
  readonly batches: BatchPool
  readonly watch: Watch
  readonly isAlive: () => boolean
  sockets: Sendable[]
  readonly links: Set<SendableLinks>
  /** A tick runs, which will send at its end. */
  isInTick: boolean
  isFlushScheduled: boolean
}

export function createSendQueue(watch: Watch, isAlive: () => boolean): SendQueue {
  return {
    batches: createBatchPool(),
    watch,
    isAlive,
    sockets: [],
    links: new Set(),
    isInTick: false,
    isFlushScheduled: false,
  }
}

/** A connection has something to send: it leaves at the end of the tick, or when the running synchronous code ends. */
export function sendSoon(sends: SendQueue, socket: Sendable): void {
  sends.sockets.push(socket)
  flushSoon(sends)
}

/** Reliable messages leave when what connections have to send does. */
export function sendLinksSoon(sends: SendQueue, links: SendableLinks): void {
  sends.links.add(links)
  flushSoon(sends)
}

function flushSoon(sends: SendQueue): void {
  if (sends.isFlushScheduled || sends.isInTick) return
  sends.isFlushScheduled = true
  queueMicrotask(() => {
    sends.isFlushScheduled = false
    if (sends.isAlive()) flush(sends)
  })
}

/**
 * Hands over bytes of the handshake at once. They count as bytes and not as a packet, and hold up nothing that follows: the
 * connection keeps their batch if it cannot write them yet.
 */
export function sendNow(sends: SendQueue, socket: Sendable, bytes: Uint8Array): void {
  const { outbox } = socket
  appendBytes(sends.batches, outbox, memoryOf(bytes), 0, bytes.length, MessageType.binary)
  outbox.count--
  flushSocket(sends, socket)
  outbox.writing = undefined
  watchWriting(sends.watch, socket, 0)
}

/** Hands over what was sent, in one write per connection. A transport that throws holds up no other socket. */
export function flush(sends: SendQueue): void {
  const { sockets, links } = sends
  trimBatches(sends.batches)
  if (sockets.length + links.size === 0) return
  sends.sockets = []
  const errors: unknown[] = []
  collectEach(errors, links, (each) => {
    links.delete(each)
    each.run()
  })
  collectEach(errors, sockets, (socket) => flushSocket(sends, socket))
  throwCollected(errors)
}

/** All that was handed over has left: what was sent meanwhile follows. */
export function flushDrained(sends: SendQueue, socket: Sendable): void {
  const { outbox } = socket
  watchWriting(sends.watch, socket, 0)
  if (typeof outbox.writing === 'object') returnBatch(sends.batches, outbox.writing)
  outbox.writing = undefined
  flushSocket(sends, socket)
}

function flushSocket({ batches, watch }: SendQueue, socket: Sendable): void {
  const { connection, outbox, counters } = socket
  const { batch, isShared, used, size, count, messages } = outbox
  // While the connection is not done with the last batch, what is sent gathers in the next.
  if (connection === undefined || batch === undefined || outbox.writing !== undefined) return
  clearOutbox(outbox)
  counters.addSent(size, count)
  connection.write(isShared ? batch.bytes : batch.bytes.subarray(0, used), messages)
  const { pendingBytes } = connection
  if (pendingBytes === 0) {
    if (!isShared) returnBatch(batches, batch)
    return
  }
  outbox.writing = isShared ? 'shared' : batch
  watchWriting(watch, socket, pendingBytes)
}
