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
  let index = 0
  for (; index + 4 <= size; index += 4)
    target.setInt32(at + index, source.getInt32(start + index, true), true)
  for (; index < size; index++) target.setUint8(at + index, source.getUint8(start + index))
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
