// GameMaker's buffer functions that write many bytes at once.

import { type BufferValue } from '../../buffer/BufferValue.ts'
import { copyBuffer } from '../../buffer/copyBuffer.ts'
import { copyBufferStride } from '../../buffer/copyBufferStride.ts'
import { fillWithValue } from '../../buffer/fillWithValue.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import {
  bufferSize,
  knownBuffer,
  nothingOr,
  storedValue,
  typeNumber,
  unknownBuffer,
  wholeNumber,
} from './bufferArguments.ts'

/**
 * Fills `size` bytes from `offset` on with copies of a value. Each copy begins at a multiple of the alignment; the bytes
 * between, and a rest too short for one more, become 0. The position stays, the used size rises to the end of the fill.
 *
 * A fill stops at the end of the buffer, which never grows; a wrap buffer goes on at its start, for one round at most.
 *
 * @param offset bytes from the start
 * @param size bytes, negative for the whole size
 * @returns nothing. If nothing was written: `buffer_error_out_of_space` for an offset outside the buffer,
 * `buffer_error_invalid_type` as for `buffer_write`; -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer, and for an offset or a size that is not finite; TypeError as `buffer_write`
 */
export function buffer_fill(
  buffer: GmlNumber,
  offset: GmlNumber,
  type: GmlNumber,
  value: BufferValue,
  size: GmlNumber,
): number | undefined {
  const where = 'buffer_fill'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  const from = wholeNumber(where, 'offset', offset)
  const count = wholeNumber(where, 'size', size)
  const known = typeNumber(where, type)
  return nothingOr(fillWithValue(found, from, known, storedValue(where, known, value), count))
}

/**
 * Copies bytes from one buffer into another. No position moves; the used size rises to the end of the copy.
 *
 * The source range is brought inside, and a wrap source goes on at its start. A grow destination becomes exactly as large
 * as the copy needs, a wrap destination goes on at its start, the other kinds take what fits.
 *
 * @param src_offset bytes from the start
 * @param size bytes, negative for all
 * @param dest_offset bytes from the start; a negative one counts as 0, in a wrap buffer modulo its size
 * @returns nothing. If nothing was copied: `buffer_error_general` for a buffer onto itself, `buffer_error_out_of_space` if
 * nothing fits; -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer, and for a number that is not finite
 */
export function buffer_copy(
  src_buffer: GmlNumber,
  src_offset: GmlNumber,
  size: GmlNumber,
  dest_buffer: GmlNumber,
  dest_offset: GmlNumber,
): number | undefined {
  const where = 'buffer_copy'
  const source = knownBuffer(where, src_buffer)
  const destination = knownBuffer(where, dest_buffer)
  if (source === undefined || destination === undefined) return unknownBuffer
  const from = wholeNumber(where, 'src_offset', src_offset, source)
  const count = wholeNumber(where, 'size', size, source)
  const to = wholeNumber(where, 'dest_offset', dest_offset)
  return nothingOr(copyBuffer(source, from, count, destination, to))
}

/**
 * Copies `src_count` items of `src_size` bytes, which stand `src_stride` bytes apart, and puts them down `dest_stride`
 * bytes apart. No position moves; the used size rises to the end of the highest byte copied.
 *
 * Strides may be 0 or negative, and a negative offset counts from the end of its buffer. A grow destination becomes
 * exactly as large as its highest item needs, wrap buffers go on at their other end; with the other kinds copying stops at
 * the first byte outside.
 *
 * @param src_size bytes, 0..2147483647
 * @param src_count items, 0..2147483647
 * @returns nothing. If nothing was copied though there was something to copy: `buffer_error_general` for a buffer onto
 * itself, `buffer_error_out_of_space` if the first byte has no room; -5 for an unknown buffer with the setting
 * `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer, a size or a count outside its bounds, and a number that is not finite
 */
export function buffer_copy_stride(
  src_buffer: GmlNumber,
  src_offset: GmlNumber,
  src_size: GmlNumber,
  src_stride: GmlNumber,
  src_count: GmlNumber,
  dest_buffer: GmlNumber,
  dest_offset: GmlNumber,
  dest_stride: GmlNumber,
): number | undefined {
  const where = 'buffer_copy_stride'
  const source = knownBuffer(where, src_buffer)
  const destination = knownBuffer(where, dest_buffer)
  if (source === undefined || destination === undefined) return unknownBuffer
  return nothingOr(
    copyBufferStride(
      source,
      wholeNumber(where, 'src_offset', src_offset, source),
      bufferSize(where, 'src_size', src_size),
      wholeNumber(where, 'src_stride', src_stride, source),
      bufferSize(where, 'src_count', src_count),
      destination,
      wholeNumber(where, 'dest_offset', dest_offset),
      wholeNumber(where, 'dest_stride', dest_stride),
    ),
  )
}
