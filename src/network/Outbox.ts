import { headerBytes, writeHeader } from '../protocol/packetHeader.ts'
import { type Connection } from '../transport/Transport.ts'
import { type BatchPool, growBatch, returnBatch, takeBatch } from './BatchPool.ts'

/** What a socket sends in a tick: one run of bytes, handed over in one write. */
export interface Outbox {
  batch: Uint8Array | undefined
  /** Bytes of the batch in use. */
  size: number
  /** Messages in the batch. */
  count: number
  /** Nothing is taken while this many bytes wait to leave. */
  bytesMax: number
}

/** Below this many bytes a loop copies faster than `TypedArray.set` with the view it needs. */
const loopBytesMax = 48

export function createOutbox(bytesMax: number): Outbox {
  return { batch: undefined, size: 0, count: 0, bytesMax }
}

/** Appends a packet: header and payload. */
export function appendPacket(
  pool: BatchPool,
  outbox: Outbox,
  from: Uint8Array,
  start: number,
  size: number,
): void {
  const batch = reserve(pool, outbox, headerBytes + size)
  writeHeader(batch, outbox.size, size)
  copy(from, start, size, batch, outbox.size + headerBytes)
  outbox.size += headerBytes + size
  outbox.count++
}

/** Appends bytes as they are. */
export function appendBytes(
  pool: BatchPool,
  outbox: Outbox,
  from: Uint8Array,
  start: number,
  size: number,
): void {
  const batch = reserve(pool, outbox, size)
  copy(from, start, size, batch, outbox.size)
  outbox.size += size
  outbox.count++
}

/** Hands everything over in one write. The memory is free again if all of it was taken at once. */
export function writeOutbox(pool: BatchPool, outbox: Outbox, connection: Connection): void {
  const { batch, size } = outbox
  if (batch === undefined) return
  outbox.batch = undefined
  outbox.size = 0
  outbox.count = 0
  connection.write(batch.subarray(0, size))
  if (connection.pendingBytes === 0) returnBatch(pool, batch)
}

/** The last write of a connection, or none if it cannot send. */
export function closeOutbox(
  pool: BatchPool,
  outbox: Outbox,
  connection: Connection | undefined,
): void {
  if (connection !== undefined) writeOutbox(pool, outbox, connection)
  else if (outbox.batch !== undefined) returnBatch(pool, outbox.batch)
  outbox.batch = undefined
  outbox.size = 0
  outbox.count = 0
}

function reserve(pool: BatchPool, outbox: Outbox, count: number): Uint8Array {
  const { batch, size } = outbox
  const needed = size + count
  if (batch === undefined) return (outbox.batch = takeBatch(pool, needed))
  if (needed <= batch.length) return batch
  return (outbox.batch = growBatch(pool, batch, size, needed))
}

function copy(from: Uint8Array, start: number, size: number, to: Uint8Array, at: number): void {
  if (size > loopBytesMax) to.set(from.subarray(start, start + size), at)
  else for (let index = 0; index < size; index++) to[at + index] = from[start + index]!
}
