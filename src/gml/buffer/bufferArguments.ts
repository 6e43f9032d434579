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
import { settings } from '../settings.ts'
import { findBuffer, unknownBufferError } from './bufferHandles.ts'

/** What `typeof` is of what a data type can take. */
const storedTypes = ['number', 'string', 'boolean', 'bigint']

/** What most functions give for a buffer that does not exist, if the setting `unknown_buffer` is `'result'`. */
export const unknownBuffer = -5

/**
 * The buffer of a handle. Throws a `RangeError` if there is none, or gives `undefined` if the setting `unknown_buffer` is
 * `'result'`. Throws a `TypeError` for what is no number.
 */
export function knownBuffer(where: string, handle: number): NetworkBuffer | undefined {
  const buffer = findBuffer(where, handle)
  if (buffer === undefined && settings.unknown_buffer === 'error')
    throw unknownBufferError(where, handle)
  return buffer
}

/** A size that a buffer can have, without its fraction. Throws a `TypeError` or `RangeError` for any other. */
export function bufferSize(where: string, name: string, value: unknown): number {
  const whole = cutFraction(where, name, value)
  checkInteger(where, name, whole, 0, bufferSizeMax)
  return whole
}

/** The range of a buffer, without fractions. Throws a `TypeError` or `RangeError` for what can be none. */
export function rangeOf(
  where: string,
  buffer: NetworkBuffer,
  offset: unknown,
  size: unknown,
): [offset: number, size: number] {
  const from = cutFraction(where, 'offset', offset, buffer)
  const count = cutFraction(where, 'size', size, buffer)
  // Other kinds end where their bytes end; a wrap buffer would give as many as it is asked for.
  if (buffer.kind === BufferKind.wrap && count > 0)
    checkInteger(where, 'size', count, 0, bufferSizeMax)
  return [from, count]
}

/** A file's path with slashes, as GameMaker takes both kinds. Throws a `TypeError` for what is no string. */
export function filePath(where: string, filename: unknown): string {
  return checkText(where, 'filename', filename).replaceAll('\\', '/')
}

/**
 * What is stored for a value: only 1 is a true `buffer_bool` if the setting `bool` is `'one'`. Throws a `TypeError` for what
 * no data type takes, such as `undefined`: GameMaker shows an error for it.
 */
export function storedValue(where: string, type: number, value: BufferValue): BufferValue {
  if (!storedTypes.includes(typeof value))
    throw wrongType(
      where,
      'value',
      `a number or a string for buffer_${typeName(type as BufferType)}`,
      value,
    )
  if (type !== BufferType.bool || settings.bool === 'truthy') return value
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value) === 1
  return value
}

/** What a function gives that has no result in GameMaker: nothing, or a negative number if it could do nothing. */
export function nothingOr(code: number): number | undefined {
  return code < 0 ? code : undefined
}
