import { BufferError } from '../constants/BufferError.ts'
import { type BufferType } from '../constants/BufferType.ts'
import { type WriteValue } from './BufferValue.ts'
import { checkValue, refusal } from './checkValue.ts'
import { fillWithValue } from './fillWithValue.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'

/**
 * Fills `size` bytes from `offset` on with copies of a value. Each copy begins at a multiple of the
 * alignment; bytes between the copies, and a rest too short for one more, become 0. The position stays,
 * the used size rises to the end of the fill. Returns 0; values are taken as by `writeBuffer`.
 *
 * A negative size means the whole buffer. A fill stops at the end of the buffer and never grows it; wrap
 * kinds take the offset modulo their size and continue at the start, for one round at most. An empty text
 * fills nothing. Throws a `RangeError` for an offset outside the buffer, a `TypeError` as `writeBuffer` does, a `TypeError`
 * or `RangeError` for an offset or a size that is not a finite number, a `FreedError` for a freed buffer. Nothing is written
 * then. GameMaker: `buffer_fill`.
 */
export function fillBuffer<Type extends BufferType>(
  buffer: NetworkBuffer,
  offset: number,
  type: Type,
  value: WriteValue<Type>,
  size: number,
): 0 {
  liveMemory('fillBuffer', buffer)
  checkValue('fillBuffer', type, value)
  const result = fillWithValue(buffer, offset, type, value, size)
  if (result === 0) return 0
  if (result === BufferError.outOfSpace)
    throw new RangeError(
      `fillBuffer: offset must lie in the buffer of ${buffer.size} bytes, got ${offset}`,
    )
  throw refusal('fillBuffer', result, buffer, '', type, value)
}
