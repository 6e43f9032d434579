import { BufferError } from '../constants/BufferError.ts'
import { BufferType } from '../constants/BufferType.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { bufferTypeSize, typeName, unknownType } from './bufferTypeSize.ts'
import { encodeValue } from './encodeValue.ts'
import { type NetworkBuffer } from './NetworkBuffer.ts'
import { lackOfBytes } from './lackOfBytes.ts'
import { isInRange, warnOfRange } from './warnOfRange.ts'

// How the main face's functions refuse a value. The gml face has results of its own, those of GameMaker.

/** Throws a `TypeError` unless a data type takes a value: `WriteValue`, and no NaN or infinity where a float is not written. */
export function checkValue(where: string, type: BufferType, value: unknown): void {
  const expected = refusedFor(where, type, value)
  if (expected !== undefined)
    throw wrongType(where, 'value', `${expected} for ${typeName(type)}`, value)
}

/** What a data type takes, if that is not this value. */
function refusedFor(where: string, type: BufferType, value: unknown): string | undefined {
  switch (type) {
    case BufferType.f16:
    case BufferType.f32:
    case BufferType.f64:
      return typeof value === 'number' ? undefined : 'a number'
    case BufferType.u64:
      if (typeof value === 'bigint' || Number.isFinite(value)) return undefined
      return 'a finite number or a bigint'
    case BufferType.bool:
      if (typeof value === 'boolean' || Number.isFinite(value)) return undefined
      return 'true, false or a finite number'
    case BufferType.string:
    case BufferType.text:
      return typeof value === 'string' ? undefined : 'a string'
    default:
      return isTakenAsInteger(where, type, value) ? undefined : 'a finite number'
  }
}

function isTakenAsInteger(where: string, type: BufferType, value: unknown): boolean {
  const size = bufferTypeSize(type)
  // A number that is not a data type is refused as that.
  if (size === 0) return true
  if (typeof value !== 'number') return false
  if (isInRange(size, value)) return true
  if (!Number.isFinite(value)) return false
  warnOfRange(where, type, size, value)
  return true
}

/** The error for what a buffer did not take though its type does. `at` says where it should go. */
export function refusal(
  where: string,
  code: BufferError,
  buffer: NetworkBuffer,
  at: string,
  type: BufferType,
  value: unknown,
): TypeError | RangeError {
  if (code === BufferError.outOfSpace) {
    const need = encodeValue(type, value)?.length ?? 0
    return new RangeError(lackOfBytes(where, type, need, at, buffer))
  }
  const isText = type === BufferType.string || type === BufferType.text
  if (!isText && bufferTypeSize(type) === 0) return unknownType(where, type)
  return wrongType(where, 'type', 'BufferType.u8 for a fast buffer', type)
}
