// What GameMaker's buffer functions share. They check their arguments themselves, so that an error names function and
// argument as GameMaker does; the main face's functions then find nothing to refuse.

import { typeName } from '../../buffer/bufferTypeSize.ts'
import { type BufferValue } from '../../buffer/BufferValue.ts'
import { cutFraction } from '../../buffer/cutFraction.ts'
import { type NetworkBuffer } from '../../buffer/NetworkBuffer.ts'
import { bufferSizeMax } from '../../buffer/reallocate.ts'
import { BufferKind } from '../../constants/BufferKind.ts'
import { BufferType } from '../../constants/BufferType.ts'
import { checkInteger, wrongType } from '../../errors/argumentErrors.ts'
import { checkText } from '../checkText.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { settings } from '../settings.ts'
import { toNumber } from '../toNumber.ts'
import { findBuffer, unknownBufferError } from './bufferHandles.ts'

/** What `typeof` is of what a data type can take. */
const storedTypes = ['number', 'string', 'boolean', 'bigint']

/** What most functions give for a buffer that does not exist, if the setting `unknown_buffer` is `'result'`. */
export const unknownBuffer = -5

/**
 * The buffer of a handle. Throws a `RangeError` if there is none, or gives `undefined` if the setting `unknown_buffer` is
 * `'result'`. Throws a `TypeError` for what does not stand for a number.
 */
export function knownBuffer(where: string, handle: GmlNumber): NetworkBuffer | undefined {
  const buffer = findBuffer(where, handle)
  if (buffer === undefined && settings.unknown_buffer === 'error')
    throw unknownBufferError(where, handle)
  return buffer
}

/**
 * An offset or a count without its fraction. Throws a `TypeError` for what does not stand for a number, and a `RangeError` for NaN
 * and the infinities.
 *
 * @param source the buffer that is read there: of a received one the error is a `BadMessageError`
 */
export function wholeNumber(
  where: string,
  name: string,
  value: GmlNumber,
  source?: NetworkBuffer,
): number {
  return cutFraction(where, name, toNumber(where, name, value), source)
}

/** An integer. Throws a `TypeError` or `RangeError` unless it is an integer in `min..max`. */
export function integerIn(
  where: string,
  name: string,
  value: GmlNumber,
  min: number,
  max: number,
): number {
  const number = toNumber(where, name, value)
  checkInteger(where, name, number, min, max)
  return number
}

/** A size that a buffer can have, without its fraction. Throws a `TypeError` or `RangeError` for any other. */
export function bufferSize(where: string, name: string, value: GmlNumber): number {
  return integerIn(where, name, wholeNumber(where, name, value), 0, bufferSizeMax)
}

/** The range of a buffer, without fractions. Throws a `TypeError` or `RangeError` for what can be none. */
export function rangeOf(
  where: string,
  buffer: NetworkBuffer,
  offset: GmlNumber,
  size: GmlNumber,
): [offset: number, size: number] {
  const from = wholeNumber(where, 'offset', offset, buffer)
  const count = wholeNumber(where, 'size', size, buffer)
  // Other kinds end where their bytes end; a wrap buffer would give as many as it is asked for.
  if (buffer.kind === BufferKind.wrap && count > 0)
    checkInteger(where, 'size', count, 0, bufferSizeMax)
  return [from, count]
}

/** A number as a data type; no check of whether it is one. Throws a `TypeError` for what does not stand for a number. */
export function typeNumber(where: string, type: GmlNumber): BufferType {
  return toNumber(where, 'type', type, 'a data type') as BufferType
}

/** A file's path with slashes, as GameMaker takes both kinds. Throws a `TypeError` for what is no string. */
export function filePath(where: string, filename: unknown): string {
  return checkText(where, 'filename', filename).replaceAll('\\', '/')
}

/**
 * What is stored for a value: only 1 is a true `buffer_bool` if the setting `bool` is `'one'`. Throws a `TypeError` for what
 * no data type takes, such as `undefined`: GameMaker shows an error for it.
 */
export function storedValue(where: string, type: BufferType, value: BufferValue): BufferValue {
  if (!storedTypes.includes(typeof value))
    throw wrongType(where, 'value', `a number or a string for buffer_${typeName(type)}`, value)
  if (type !== BufferType.bool || settings.bool === 'truthy') return value
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) === 1
  return value
}

/** What a function gives that has no result in GameMaker: nothing, or a negative number if it could do nothing. */
export function nothingOr(code: number): number | undefined {
  return code < 0 ? code : undefined
}
