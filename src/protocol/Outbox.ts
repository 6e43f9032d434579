import { type BatchPool, growBatch, takeBatch } from '../buffer/BatchPool.ts'
import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { copyBytes, copyMemory } from '../buffer/copyMemory.ts'
import { toUtf8 } from '../buffer/utf8.ts'
import { MessageType } from '../constants/MessageType.ts'
import { type Message } from './messageToSend.ts'
import { headerBytes, writeHeader } from './packetHeader.ts'

/** What a connection sends in a tick: one run of bytes, handed over in one write. */
export interface Outbox {
  batch: BufferMemory | undefined
  /** The batch is one message, which other connections send too: nothing may be written to it. */
  isShared: boolean
  /** Bytes of the batch in use. */
  used: number
  /** Bytes of the messages in the batch, without frames. */
  size: number
  /** Messages in the batch. */
  count: number
  /** The batch that the connection is writing, if it is not a shared one. */
  writing: BufferMemory | 'shared' | undefined
  /** How the connection frames its messages, if it wants them framed. */
  framing: Framing | undefined
  /** Where the messages of the batch end and what they are, if the transport keeps their limits and frames them itself. */
  messages: Messages | undefined
}

/** How messages are framed in place. */
interface Framing {
  /** Bytes that a message of `size` bytes takes with its frames. */
  framedBytes(size: number): number
  /** Frames a message whose `size` bytes stand at the end of the `framedBytes(size)` bytes from `at` on. */
  frame(bytes: Uint8Array, at: number, size: number, type: MessageType): void
  /** Whether the same message always becomes the same bytes. */
  readonly isRepeatable?: boolean
}

interface Messages {
  readonly ends: number[]
  readonly types: MessageType[]
}

/** @param isMessages the transport keeps the limits of messages */
export function createOutbox(isMessages: boolean): Outbox {
  const messages = isMessages ? noMessages() : undefined
  // One literal: V8 keeps the properties of an object that begins with a spread in a slower form.
  return {
    batch: undefined,
    isShared: false,
    used: 0,
    size: 0,
    count: 0,
    writing: undefined,
    framing: undefined,
    messages,
  }
}

/** Messages are framed as the connection wants it from now on. */
export function useFraming(outbox: Outbox, framing: Framing | undefined): void {
  if (framing === undefined) return
  outbox.framing = framing
  outbox.messages = undefined
}

function noMessages(): Messages {
  return { ends: [], types: [] }
}

/** Appends a message: a packet, or bytes as they are. */
export function appendMessage(pool: BatchPool, outbox: Outbox, message: Message): void {
  const { memory, start, size, form } = message
  if (form === 'packet') appendPacket(pool, outbox, memory, start, size)
  else if (form === MessageType.text && keepsLimits(outbox)) {
    const text = memoryOf(toUtf8(memory.bytes.subarray(start, start + size)))
    appendBytes(pool, outbox, text, 0, text.bytes.length, form)
  } else appendBytes(pool, outbox, memory, start, size, MessageType.binary)
}

/**
 * Appends a message that goes to several connections: those that send nothing else share its bytes.
 *
 * @param made outboxes of this message alone, one for each framing: of other calls for the same message
 */
export function appendToAll(
  pool: BatchPool,
  outbox: Outbox,
  message: Message,
  made: Outbox[],
): void {
  const { batch, framing } = outbox
  if (batch !== undefined || !isRepeatable(outbox, message)) {
    appendMessage(pool, outbox, message)
    return
  }
  let shared = made.find((other) => other.framing === framing)
  if (shared === undefined) {
    shared = outboxOf(pool, message, framing)
    made.push(shared)
  }
  outbox.batch = shared.batch
  outbox.isShared = true
  outbox.used = shared.used
  outbox.size = shared.size
  outbox.count = 1
}

/** Whether the message becomes the same bytes in each outbox with the same framing. */
function isRepeatable({ messages, framing }: Outbox, { form }: Message): boolean {
  if (form === MessageType.text || messages !== undefined) return false
  return framing === undefined || framing.isRepeatable === true
}

/** An outbox with one message and no room for another. */
function outboxOf(pool: BatchPool, message: Message, framing: Framing | undefined): Outbox {
  const outbox = createOutbox(false)
  outbox.framing = framing
  const size = message.form === 'packet' ? headerBytes + message.size : message.size
  outbox.batch = memoryOf(new Uint8Array(framedBytes(outbox, size)))
  appendMessage(pool, outbox, message)
  return outbox
}

/** Whether the transport keeps the limits of messages. */
function keepsLimits({ messages, framing }: Outbox): boolean {
  return messages !== undefined || framing !== undefined
}

function appendPacket(
  pool: BatchPool,
  outbox: Outbox,
  from: BufferMemory,
  start: number,
  size: number,
): void {
  const count = headerBytes + size
  const room = framedBytes(outbox, count)
  const batch = reserve(pool, outbox, room)
  const at = outbox.used + room - count
  writeHeader(batch.view, at, size)
  copyMemory(from, start, size, batch, at + headerBytes)
  endMessage(outbox, batch, room, count, MessageType.binary)
}

/** Appends bytes as they are. Text must be UTF-8: a peer ends a connection for anything else (RFC 6455 section 8.1). */
export function appendBytes(
  pool: BatchPool,
  outbox: Outbox,
  from: BufferMemory,
  start: number,
  size: number,
  type: MessageType,
): void {
  const room = framedBytes(outbox, size)
  const batch = reserve(pool, outbox, room)
  copyMemory(from, start, size, batch, outbox.used + room - size)
  endMessage(outbox, batch, room, size, type)
}

/** Bytes that a message takes in the batch. */
function framedBytes({ framing }: Outbox, size: number): number {
  return framing === undefined ? size : framing.framedBytes(size)
}

/** A message stands at the end of the `room` bytes behind those in use. */
function endMessage(
  outbox: Outbox,
  batch: BufferMemory,
  room: number,
  size: number,
  type: MessageType,
): void {
  const { framing, messages } = outbox
  if (framing !== undefined) framing.frame(batch.bytes, outbox.used, size, type)
  outbox.used += room
  outbox.size += size
  outbox.count++
  messages?.ends.push(outbox.used)
  messages?.types.push(type)
}

/** Bytes that the messages of the batch take, each at least as much as a packet's header: an empty one takes memory too. */
export function queuedBytes(outbox: Outbox): number {
  const { size, count } = outbox
  return keepsLimits(outbox) ? size + count * headerBytes : size
}

/** The batch belongs to the caller: another begins with the next message. */
export function clearOutbox(outbox: Outbox): void {
  outbox.batch = undefined
  outbox.isShared = false
  outbox.used = 0
  outbox.size = 0
  outbox.count = 0
  if (outbox.messages !== undefined) outbox.messages = noMessages()
}

function reserve(pool: BatchPool, outbox: Outbox, count: number): BufferMemory {
  const { batch, used } = outbox
  const needed = used + count
  if (batch === undefined) return (outbox.batch = takeBatch(pool, needed))
  if (outbox.isShared) {
    outbox.isShared = false
    outbox.batch = takeBatch(pool, needed)
    copyBytes(batch.bytes, 0, used, outbox.batch.bytes, 0)
    return outbox.batch
  }
  if (needed <= batch.bytes.length) return batch
  return (outbox.batch = growBatch(pool, batch, used, needed))
}
