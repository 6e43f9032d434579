// Memory for what a socket sends in a tick. A socket holds one only while it has something to send, so
// idle sockets cost nothing.

import { type BufferMemory, memoryOf } from './BufferMemory.ts'

/** Memory that is free again, most recently used last. */
export interface BatchPool {
  readonly free: BufferMemory[]
}

const firstBytes = 4_096
/** Larger memory is not kept: it would stay for good after one large message. */
const keptBytesMax = 65_536
const keptMax = 256

export function createBatchPool(): BatchPool {
  return { free: [] }
}

/** Memory for at least `size` bytes. */
export function takeBatch(pool: BatchPool, size: number): BufferMemory {
  const batch = size <= keptBytesMax ? pool.free.pop() : undefined
  if (batch !== undefined && batch.bytes.length >= size) return batch
  return memoryOf(new Uint8Array(roomFor(size)))
}

/** Memory with room for `size` bytes that begins with the first `used` bytes of `batch`. */
export function growBatch(
  pool: BatchPool,
  batch: BufferMemory,
  used: number,
  size: number,
): BufferMemory {
  const larger = memoryOf(new Uint8Array(roomFor(size)))
  larger.bytes.set(batch.bytes.subarray(0, used))
  returnBatch(pool, batch)
  return larger
}

/** Returns memory that is not read any more. */
export function returnBatch({ free }: BatchPool, batch: BufferMemory): void {
  if (batch.bytes.length <= keptBytesMax && free.length < keptMax) free.push(batch)
}

function roomFor(size: number): number {
  let room = firstBytes
  while (room < size) room *= 2
  return room
}
