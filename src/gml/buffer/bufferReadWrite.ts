// GameMaker's buffer functions that read and write values and move the position.

import { bufferTypeSize, typeName, unknownType } from '../../buffer/bufferTypeSize.ts'
import { type BufferValue, type ReadValue } from '../../buffer/BufferValue.ts'
import { readError } from '../../buffer/NetworkBuffer.ts'
import { peekBuffer } from '../../buffer/peekBuffer.ts'
import { pokeValue } from '../../buffer/pokeValue.ts'
import { roundUp } from '../../buffer/position.ts'
import { readBuffer } from '../../buffer/readBuffer.ts'
import { bufferSizeMax } from '../../buffer/reallocate.ts'
import { seekBuffer, tellBuffer } from '../../buffer/seekBuffer.ts'
import { writeValue } from '../../buffer/writeValue.ts'
import { BufferKind } from '../../constants/BufferKind.ts'
import { BufferType } from '../../constants/BufferType.ts'
import { SeekBase } from '../../constants/SeekBase.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { type GmlValue } from '../GmlValue.ts'
import { handleNumber } from '../handles.ts'
import { settings } from '../settings.ts'
import {
  integerIn,
  knownBuffer,
  nothingOr,
  storedValue,
  typeNumber,
  unknownBuffer,
  wholeNumber,
} from './bufferArguments.ts'

/**
 * What reading a data type returns: a number; for `buffer_u64` a bigint, for `buffer_string` and `buffer_text` a string.
 * `any` where the type is not known before the program runs, and for `buffer_bool`, which is a boolean or a number as the
 * setting `bool_read` says.
 */
export type GmlRead<Type extends GmlNumber> =
  Type extends Exclude<BufferType, typeof BufferType.bool> ? ReadValue<Type> : GmlValue

/** `buffer_read` outside the buffer, if the setting `past_end` is `'result'`. */
const outOfBounds = -3

/**
 * Writes a value at the position, after moving that to the next multiple of the alignment, and moves it behind the value.
 *
 * Integers lose their fraction and keep their low bits, so 300 as `buffer_u8` is 44. `buffer_u64` takes numbers and
 * bigints. `buffer_bool` is true above 0.5, or with the setting `bool` = `'one'` only for 1 and true. A string ends at its
 * first NUL, as all of GameMaker's do.
 *
 * @returns 0; `buffer_error_out_of_space` if the value does not fit and the buffer does not grow;
 * `buffer_error_invalid_type` if the data type does not take the value, does not exist, or is not `buffer_u8` in a fast
 * buffer. Nothing was written then. -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer; TypeError for a value that is neither a number nor a bigint, a boolean or a
 * string, such as `undefined`, and for a data type that does not stand for a number
 */
export function buffer_write(buffer: GmlNumber, type: GmlNumber, value: BufferValue): number {
  const where = 'buffer_write'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  const known = typeNumber(where, type)
  return writeValue(found, known, storedValue(where, known, value))
}

/**
 * Reads a value at the position, after moving that to the next multiple of the alignment, and moves it behind the value.
 *
 * `buffer_u64` is an unsigned bigint, with the setting `u64` = `'signed'` a signed one. `buffer_bool` is true for the byte 1
 * only, with the setting `bool_read` = `'number'` 1 for the byte 1 and otherwise 0. `buffer_string` and `buffer_text` both
 * end at a NUL byte, which is passed over, or at the used size; where nothing is left they are `''`.
 *
 * @returns the value. With the setting `past_end` = `'result'`: -3 past the end, but `''` for `buffer_string`, and the
 * position stays. 0 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError past the end of a buffer that does not wrap, BadMessageError if it was received; RangeError for an unknown buffer; TypeError for a data type that
 * does not exist
 */
export function buffer_read<Type extends GmlNumber>(buffer: GmlNumber, type: Type): GmlRead<Type>
export function buffer_read(buffer: GmlNumber, constant: GmlNumber): BufferValue {
  const where = 'buffer_read'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return 0
  const type = dataType(where, constant)
  const need = bufferTypeSize(type)
  const at = roundUp(found.position, found.alignment)
  // Wrap buffers have no end; their alignment is no matter of the position alone.
  if (found.kind === BufferKind.wrap && found.size > 0) return asRead(readBuffer(found, type))
  const isPastEnd = need > 0 ? at + need > found.size : at >= found.size
  if (!isPastEnd) return asRead(readBuffer(found, type))
  if (settings.past_end === 'result') return type === BufferType.string ? '' : outOfBounds
  if (need === 0) return ''
  const value = `${typeName(type)} needs ${need} ${need === 1 ? 'byte' : 'bytes'}`
  throw readError(
    found,
    `${where}: ${value} at position ${at}, but buffer ${handleNumber(where, 'buffer', buffer)} has ${found.size}`,
  )
}

/**
 * Reads a value at an offset in bytes from the start. The position stays, and alignment plays no part.
 *
 * @returns the value, as `buffer_read` gives it; `undefined` if the offset is negative or the value does not lie inside. A
 * wrap buffer goes on at its start. 0 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer; TypeError for a data type that does not exist
 */
export function buffer_peek<Type extends GmlNumber>(
  buffer: GmlNumber,
  offset: GmlNumber,
  type: Type,
): GmlRead<Type> | undefined
export function buffer_peek(
  buffer: GmlNumber,
  offset: GmlNumber,
  type: GmlNumber,
): BufferValue | undefined {
  const where = 'buffer_peek'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return 0
  const at = wholeNumber(where, 'offset', offset, found)
  return asRead(peekBuffer(found, at, dataType(where, type)))
}

/**
 * Writes a value at an offset in bytes from the start. The position stays, alignment plays no part, and no buffer grows.
 * Values are taken as by `buffer_write`; a wrap buffer goes on at its start.
 *
 * @returns nothing. If nothing was written, the number that `buffer_write` has for it, `buffer_error_out_of_space` for a
 * negative offset too. 0 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer; TypeError as `buffer_write`
 */
export function buffer_poke(
  buffer: GmlNumber,
  offset: GmlNumber,
  type: GmlNumber,
  value: BufferValue,
): number | undefined {
  const where = 'buffer_poke'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return 0
  const at = wholeNumber(where, 'offset', offset)
  const known = typeNumber(where, type)
  return nothingOr(pokeValue(found, at, known, storedValue(where, known, value)))
}

/**
 * Moves the position.
 *
 * It stays in 0..size; a wrap buffer takes it modulo its size, but the size itself may stand. With the setting `seek` =
 * `'free'` it may be larger than the size if the base is not `buffer_seek_end`: a read there is past the end, a write
 * makes a grow buffer large enough.
 *
 * @param base `buffer_seek_start`, `buffer_seek_relative`, or `buffer_seek_end`, which counts backwards
 * @param offset bytes; a fraction is cut
 * @returns the new position. 0 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer or base, and for an offset that is not finite
 */
export function buffer_seek(buffer: GmlNumber, base: GmlNumber, offset: GmlNumber): number {
  const where = 'buffer_seek'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return 0
  const from = integerIn(where, 'base', base, SeekBase.start, SeekBase.end)
  const whole = wholeNumber(where, 'offset', offset, found)
  if (settings.seek === 'clamp') return seekBuffer(found, from as SeekBase, whole)
  const { position, size } = found
  let target = from === SeekBase.relative ? position + whole : whole
  if (from === SeekBase.end) target = Math.min(size - whole, size)
  // GameMaker's positions have 32 bits.
  found.position = Math.min(Math.max(target, 0), bufferSizeMax)
  return found.position
}

/**
 * The position in bytes from the start. In a wrap buffer that was written to its last byte it is the size.
 *
 * @returns the position; -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer
 */
export function buffer_tell(buffer: GmlNumber): number {
  const found = knownBuffer('buffer_tell', buffer)
  return found === undefined ? unknownBuffer : tellBuffer(found)
}

/** A value that was read, as the settings `bool_read` and `u64` have it. */
function asRead<Value extends BufferValue | undefined>(value: Value): BufferValue | Value {
  if (typeof value === 'boolean') return settings.bool_read === 'number' ? Number(value) : value
  if (typeof value === 'bigint') return settings.u64 === 'signed' ? BigInt.asIntN(64, value) : value
  return value
}

/** Throws a `TypeError` for what is no data type. */
function dataType(where: string, type: GmlNumber): BufferType {
  const known = typeNumber(where, type)
  const isText = known === BufferType.string || known === BufferType.text
  if (!isText && bufferTypeSize(known) === 0) throw unknownType(where, known)
  return known
}
