import { cutFraction } from '../buffer/cutFraction.ts'
import { liveMemory, type NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { rangeIn } from '../buffer/position.ts'
import { bufferSizeMax } from '../buffer/reallocate.ts'
import { loadAround } from '../buffer/ring.ts'
import { checkInteger } from '../errors/argumentErrors.ts'

/**
 * The bytes that an offset and a size mean in the functions that take the content of a buffer, or
 * `undefined` for an empty buffer. They are the buffer's own where they can be, so they are valid only
 * until it changes.
 *
 * The offset is brought into 0..size - 1 and the size into the rest; a negative size means all the rest.
 * In wrap kinds the offset is taken modulo the size, a negative size means one round, and the range
 * continues at the start, up to 2147483647 bytes. Throws a `TypeError` or `RangeError` for what is no
 * finite number, a `FreedError` for a freed buffer.
 */
export function contentRange(
  where: string,
  buffer: NetworkBuffer,
  offset: number,
  size: number,
): Uint8Array | undefined {
  const memory = liveMemory(where, buffer)
  const begin = cutFraction(where, 'offset', offset, buffer)
  const wanted = cutFraction(where, 'size', size, buffer)
  if (buffer.size === 0) return undefined
  const { from, count } = rangeIn(buffer, begin, wanted)
  // Of a wrap kind.
  if (from + count > buffer.size) {
    checkInteger(where, 'size', count, 0, bufferSizeMax)
    return loadAround(buffer, memory, from, count)
  }
  return memory.bytes.subarray(buffer.start + from, buffer.start + from + count)
}
