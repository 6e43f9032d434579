import { checkInteger } from '../errors/argumentErrors.ts'
import { type BufferMemory, memoryOf } from './BufferMemory.ts'
import { type NetworkBuffer } from './NetworkBuffer.ts'

/** The largest size of a buffer in bytes. */
export const bufferSizeMax = 2147483647

/** The size a caller asked for, without its fraction. */
export function checkedSize(where: string, size: unknown): number {
  const whole = typeof size === 'number' ? Math.trunc(size) + 0 : size
  checkInteger(where, 'size', whole, 0, bufferSizeMax)
  return whole
}

/**
 * Gives a buffer zeroed memory of its own with as many of its bytes as fit. Nothing is ever enlarged in
 * place, because a received buffer's neighbours in memory are other packets.
 */
export function reallocate(
  buffer: NetworkBuffer,
  memory: BufferMemory,
  size: number,
): BufferMemory {
  const bytes = new Uint8Array(size)
  const kept = Math.min(size, buffer.size)
  bytes.set(memory.bytes.subarray(buffer.start, buffer.start + kept))
  const fresh = memoryOf(bytes)
  buffer.memory = fresh
  buffer.start = 0
  buffer.size = size
  return fresh
}

/** Doubles a grow kind until `end` lies inside; `undefined` when no buffer can be that large. */
export function growTo(
  buffer: NetworkBuffer,
  memory: BufferMemory,
  end: number,
): BufferMemory | undefined {
  if (end > bufferSizeMax) return undefined
  let size = Math.max(buffer.size, 4)
  while (size < end) size *= 2
  return reallocate(buffer, memory, Math.min(size, bufferSizeMax))
}
