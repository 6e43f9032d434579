// Memory for what a socket sends in a tick. A socket holds one only while it has something to send, so
// idle sockets cost nothing.

import { type BufferMemory, memoryOf } from './BufferMemory.ts'

/** Memory that is free again, by size: each class has twice the bytes of the one before. */
export interface BatchPool {
  readonly classes: readonly SizeClass[]
  /** Bytes of all that is free. */
  freeBytes: number
  /** Calls of `trimBatches`. */
  trims: number
}

interface SizeClass {
  readonly bytes: number
  /** Most recently used last. */
  readonly free: BufferMemory[]
  /** How many were not needed since the last trim that dropped any. */
  unused: number
}

const firstBytes = 4_096
/** Larger memory is not kept: it would stay for a while after one large message. */
const keptBytesMax = 1_048_576
const freeBytesMax = 67_108_864
/** At 60 ticks a second what a peak has left is halved about every second. */
const trimInterval = 64

export function createBatchPool(): BatchPool {
  const classes: SizeClass[] = []
  for (let bytes = firstBytes; bytes <= keptBytesMax; bytes *= 2)
    classes.push({ bytes, free: [], unused: 0 })
  return { classes, freeBytes: 0, trims: 0 }
}

/** Memory for at least `size` bytes. */
export function takeBatch(pool: BatchPool, size: number): BufferMemory {
  const sizeClass = classOf(pool, size)
  const batch = sizeClass?.free.pop()
  if (sizeClass === undefined || batch === undefined)
    return memoryOf(new Uint8Array(sizeClass?.bytes ?? size))
  pool.freeBytes -= sizeClass.bytes
  sizeClass.unused = Math.min(sizeClass.unused, sizeClass.free.length)
  return batch
}

/** Memory with room for `size` bytes that begins with the first `used` bytes of `batch`. */
export function growBatch(
  pool: BatchPool,
  batch: BufferMemory,
  used: number,
  size: number,
): BufferMemory {
  const larger = takeBatch(pool, Math.max(size, batch.bytes.length * 2))
  larger.bytes.set(batch.bytes.subarray(0, used))
  returnBatch(pool, batch)
  return larger
}

/** Returns memory that is not read any more. */
export function returnBatch(pool: BatchPool, batch: BufferMemory): void {
  const { length } = batch.bytes
  const sizeClass = classOf(pool, length)
  if (sizeClass?.bytes !== length || pool.freeBytes + length > freeBytesMax) return
  pool.freeBytes += length
  sizeClass.free.push(batch)
}

/** Drops, from time to time, half of what was not needed since. To be called once a tick. */
export function trimBatches(pool: BatchPool): void {
  if (++pool.trims % trimInterval > 0 || pool.freeBytes === 0) return
  for (const sizeClass of pool.classes) {
    const { bytes, free, unused } = sizeClass
    const dropped = free.splice(0, Math.ceil(unused / 2))
    pool.freeBytes -= dropped.length * bytes
    sizeClass.unused = free.length
  }
}

/** The smallest class with room for `size` bytes, if there is one. */
function classOf({ classes }: BatchPool, size: number): SizeClass | undefined {
  if (size > keptBytesMax) return undefined
  // 20 leading zeros of 32 bits are 4,096 and less.
  return classes[Math.max(0, 20 - Math.clz32(size - 1))]
}
