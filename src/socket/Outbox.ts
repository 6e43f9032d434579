import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { toUtf8 } from '../buffer/utf8.ts'
import { MessageType } from '../constants/MessageType.ts'
import { headerBytes, writeHeader } from '../protocol/packetHeader.ts'
import { type MessageLimits } from '../transport/Transport.ts'
import { type BatchPool, growBatch, takeBatch } from './BatchPool.ts'

/** What a socket sends in a tick: one run of bytes, handed over in one write. */
export interface Outbox {
  batch: BufferMemory | undefined
  /** Bytes of the batch in use. */
  size: number
  /** Messages in the batch. */
  count: number
  /** The batch that the connection is writing. */
  writing: BufferMemory | undefined
  /** Where the messages of the batch end and what they are, if the transport keeps their limits. */
  messages: Messages | undefined
}

interface Messages extends MessageLimits {
  readonly ends: number[]
  readonly types: MessageType[]
}

/** Up to this many bytes, words copied one by one are faster than `TypedArray.set` with its two views. */
const wordsBytesMax = 64

/** @param isMessages the transport keeps the limits of messages */
export function createOutbox(isMessages: boolean): Outbox {
  const messages = isMessages ? noMessages() : undefined
  return { batch: undefined, size: 0, count: 0, writing: undefined, messages }
}

function noMessages(): Messages {
  return { ends: [], types: [] }
}

/** Appends a packet: header and payload. */
export function appendPacket(
  pool: BatchPool,
  outbox: Outbox,
  from: BufferMemory,
  start: number,
  size: number,
): void {
  const batch = reserve(pool, outbox, headerBytes + size)
  writeHeader(batch.view, outbox.size, size)
  copy(from, start, size, batch, outbox.size + headerBytes)
  outbox.size += headerBytes + size
  endMessage(outbox, MessageType.binary)
}

/** Appends bytes as they are. */
export function appendBytes(
  pool: BatchPool,
  outbox: Outbox,
  from: BufferMemory,
  start: number,
  size: number,
  type: MessageType,
): void {
  const batch = reserve(pool, outbox, size)
  copyBytes(from.bytes, start, size, batch.bytes, outbox.size)
  outbox.size += size
  endMessage(outbox, type)
}

/** Appends text, which must be UTF-8: a peer ends a connection for anything else (RFC 6455 section 8.1). */
export function appendText(
  pool: BatchPool,
  outbox: Outbox,
  from: BufferMemory,
  start: number,
  size: number,
): void {
  const text = memoryOf(toUtf8(from.bytes.subarray(start, start + size)))
  appendBytes(pool, outbox, text, 0, text.bytes.length, MessageType.text)
}

function endMessage(outbox: Outbox, type: MessageType): void {
  outbox.count++
  if (outbox.messages === undefined) return
  outbox.messages.ends.push(outbox.size)
  outbox.messages.types.push(type)
}

/** Gives the batch out of hand: another begins with the next message. */
export function clearOutbox(outbox: Outbox): void {
  outbox.batch = undefined
  outbox.size = 0
  outbox.count = 0
  if (outbox.messages !== undefined) outbox.messages = noMessages()
}

function reserve(pool: BatchPool, outbox: Outbox, count: number): BufferMemory {
  const { batch, size } = outbox
  const needed = size + count
  if (batch === undefined) return (outbox.batch = takeBatch(pool, needed))
  if (needed <= batch.bytes.length) return batch
  return (outbox.batch = growBatch(pool, batch, size, needed))
}

function copy(from: BufferMemory, start: number, size: number, to: BufferMemory, at: number): void {
  if (size > wordsBytesMax) {
    to.bytes.set(from.bytes.subarray(start, start + size), at)
    return
  }
  const source = from.view
  const target = to.view
  let index = 0
  for (; index + 4 <= size; index += 4)
    target.setInt32(at + index, source.getInt32(start + index, true), true)
  for (; index < size; index++) target.setUint8(at + index, source.getUint8(start + index))
}

/** For what is passed on unseen, and so has no view. */
function copyBytes(
  from: Uint8Array,
  start: number,
  size: number,
  to: Uint8Array,
  at: number,
): void {
  if (size > wordsBytesMax) to.set(from.subarray(start, start + size), at)
  else for (let index = 0; index < size; index++) to[at + index] = from[start + index]!
}
