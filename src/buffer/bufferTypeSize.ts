import { BufferType } from '../constants/BufferType.ts'
import { nameOf } from '../constants/nameOf.ts'
import { show } from '../errors/argumentErrors.ts'

// By the number of the data type.
const sizes: readonly number[] = [0, 1, 1, 2, 2, 4, 4, 2, 4, 8, 1, 0, 8]

/**
 * The bytes that one value of a data type takes: 1, 2, 4 or 8; 0 for `string` and `text`, whose length
 * is in the value, and for a number that is not a data type. GameMaker: `buffer_sizeof`.
 */
export function bufferTypeSize(type: BufferType): number {
  return typeof type === 'number' ? (sizes[type] ?? 0) : 0
}

/** The error for reading a number that is not a data type. */
export function unknownType(where: string, type: unknown): TypeError {
  return new TypeError(`${where}: type must be a BufferType, got ${show(type)}`)
}

/** The name of a data type, for messages. */
export function typeName(type: BufferType): string {
  return nameOf(BufferType, type) ?? show(type)
}
