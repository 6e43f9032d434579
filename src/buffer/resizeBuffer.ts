import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { checkedSize, reallocate } from './reallocate.ts'

/**
 * Gives a buffer of any kind a new size in bytes. Bytes that fit are kept, new ones are 0. The position
 * stays, even outside, and counts as used; the used size is cut to the new size.
 *
 * Throws a `TypeError` or `RangeError` unless the size is in 0..2147483647 (a fraction is cut), a
 * `FreedError` for a freed buffer. GameMaker: `buffer_resize`.
 */
export function resizeBuffer(buffer: NetworkBuffer, size: number): void {
  const memory = liveMemory('resizeBuffer', buffer)
  const bytes = checkedSize('resizeBuffer', size)
  if (bytes !== buffer.size) reallocate(buffer, memory, bytes)
  buffer.used = Math.min(Math.max(buffer.used, buffer.position), bytes)
}
