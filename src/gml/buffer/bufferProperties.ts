// GameMaker's buffer functions about the size, kind and memory of a buffer.

import { bufferTypeSize } from '../../buffer/bufferTypeSize.ts'
import {
  getBufferAlignment,
  getBufferBytes,
  getBufferSize,
  getBufferUsedSize,
  setBufferUsedSize,
} from '../../buffer/getBufferSize.ts'
import { resizeBuffer } from '../../buffer/resizeBuffer.ts'
import { type BufferType } from '../../constants/BufferType.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { toNumber } from '../toNumber.ts'
import { bufferSize, knownBuffer, unknownBuffer, wholeNumber } from './bufferArguments.ts'
import { kindOf } from './bufferKinds.ts'

/**
 * The allocated bytes.
 *
 * @returns the size; -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer
 */
export function buffer_get_size(buffer: GmlNumber): number {
  const found = knownBuffer('buffer_get_size', buffer)
  return found === undefined ? unknownBuffer : getBufferSize(found)
}

/**
 * The end of the highest byte that was written, in bytes from the start. Texts are read up to here.
 *
 * @returns the used size; -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer
 */
export function buffer_get_used_size(buffer: GmlNumber): number {
  const found = knownBuffer('buffer_get_used_size', buffer)
  return found === undefined ? unknownBuffer : getBufferUsedSize(found)
}

/**
 * Sets the used size, after bytes were written through `buffer_get_address` for instance. It is kept in 0..size; no byte
 * changes.
 *
 * @returns nothing; false for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer or a size that is not finite
 */
export function buffer_set_used_size(buffer: GmlNumber, size: GmlNumber): false | undefined {
  const where = 'buffer_set_used_size'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return false
  setBufferUsedSize(found, wholeNumber(where, 'size', size))
  return undefined
}

/**
 * The kind the buffer was made with: `buffer_fixed`, `buffer_grow`, `buffer_wrap`, `buffer_fast` or `buffer_vbuffer`.
 *
 * @returns the kind; -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer
 */
export function buffer_get_type(buffer: GmlNumber): number {
  const found = knownBuffer('buffer_get_type', buffer)
  return found === undefined ? unknownBuffer : kindOf(found)
}

/**
 * The alignment in bytes, a power of two in 1..1024.
 *
 * @returns the alignment; -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer
 */
export function buffer_get_alignment(buffer: GmlNumber): number {
  const found = knownBuffer('buffer_get_alignment', buffer)
  return found === undefined ? unknownBuffer : getBufferAlignment(found)
}

/**
 * All bytes of a buffer, where GameMaker gives extensions a pointer: writing into the array writes into the buffer. It is
 * valid until the buffer is deleted or changes its size, for a data event's buffer until the event ends.
 *
 * @returns the bytes; `undefined` for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer
 */
export function buffer_get_address(buffer: GmlNumber): Uint8Array | undefined {
  const found = knownBuffer('buffer_get_address', buffer)
  return found === undefined ? undefined : getBufferBytes(found)
}

/**
 * The bytes of one value of a data type: 1, 2, 4 or 8; 0 for `buffer_string`, `buffer_text` and a number that is not a data
 * type.
 *
 * @throws TypeError for what does not stand for a number
 */
export function buffer_sizeof(type: GmlNumber): number {
  return bufferTypeSize(toNumber('buffer_sizeof', 'type', type) as BufferType)
}

/**
 * Gives a buffer of any kind a new size. Bytes that fit are kept, new ones are 0; the position stays, even outside.
 *
 * @param newsize bytes, 0..2147483647; a fraction is cut
 * @returns nothing; -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer, TypeError or RangeError for another size
 */
export function buffer_resize(buffer: GmlNumber, newsize: GmlNumber): number | undefined {
  const where = 'buffer_resize'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  resizeBuffer(found, bufferSize(where, 'newsize', newsize))
  return undefined
}
