import { type BufferMemory } from './BufferMemory.ts'

/** Up to this many bytes, copying in a loop is faster than `TypedArray.set` with its two views. */
const loopBytesMax = 64

/** Copies `size` bytes between two memories, words at a time if there is a view: making one costs more than it saves. */
export function copyMemory(
  from: BufferMemory,
  start: number,
  size: number,
  to: BufferMemory,
  at: number,
): void {
  if (size > loopBytesMax || !from.hasView) {
    copyBytes(from.bytes, start, size, to.bytes, at)
    return
  }
  const source = from.view
  const target = to.view
  const end = start + size
  // Two words a turn take a quarter less time for 32 bytes.
  for (; start + 8 <= end; start += 8, at += 8) {
    target.setInt32(at, source.getInt32(start, true), true)
    target.setInt32(at + 4, source.getInt32(start + 4, true), true)
  }
  if (start + 4 <= end) {
    target.setInt32(at, source.getInt32(start, true), true)
    start += 4
    at += 4
  }
  for (; start < end; start++, at++) target.setUint8(at, source.getUint8(start))
}

/** Copies `size` bytes of a memory that has no view yet: what is passed on unseen. */
export function copyBytes(
  from: Uint8Array,
  start: number,
  size: number,
  to: Uint8Array,
  at: number,
): void {
  if (size > loopBytesMax) to.set(from.subarray(start, start + size), at)
  else for (let index = 0; index < size; index++) to[at + index] = from[start + index]!
}
