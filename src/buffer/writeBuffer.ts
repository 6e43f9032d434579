import { type BufferType } from '../constants/BufferType.ts'
import { type WriteValue } from './BufferValue.ts'
import { checkValue, refusal } from './checkValue.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { writeValue } from './writeValue.ts'

/**
 * Writes a value at the position and moves the position behind it. Grow kinds double their size, wrap kinds continue at
 * the start. Returns 0, as GameMaker does: a write that fails throws, writes nothing and leaves the position where it was.
 *
 * Integers are cut to whole numbers and keep their low bits, so 300 as `u8` is 44, with one warning for each type. Numbers too large for `u64` become
 * 2^63 - 1 or -2^63, while a bigint keeps its low 64 bits. `bool` is true above 0.5. `string` and `text` end before the
 * first NUL of the value, since a NUL ends a text when it is read.
 *
 * Throws a `RangeError` when there is no room and the kind does not grow; a `TypeError` for a value that the type does not
 * take, which includes NaN and infinity in every type but `f16`, `f32` and `f64`, for a number that is not a data type, and
 * for a type other than `u8` in a fast kind; a `FreedError` for a freed buffer. GameMaker: `buffer_write`.
 */
export function writeBuffer<Type extends BufferType>(
  buffer: NetworkBuffer,
  type: Type,
  value: WriteValue<Type>,
): 0 {
  liveMemory('writeBuffer', buffer)
  checkValue('writeBuffer', type, value)
  const { position } = buffer
  const result = writeValue(buffer, type, value)
  if (result === 0) return 0
  const at = `position ${buffer.position}`
  buffer.position = position
  throw refusal('writeBuffer', result, buffer, at, type, value)
}
