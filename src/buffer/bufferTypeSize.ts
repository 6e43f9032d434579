import { BufferType } from '../constants/BufferType.ts'
import { show } from '../errors/argumentErrors.ts'

/**
 * The bytes that one value of a data type takes: 1, 2, 4 or 8; 0 for `string` and `text`, whose length
 * is in the value, and for a number that is not a data type. GameMaker: `buffer_sizeof`.
 */
export function bufferTypeSize(type: BufferType): number {
  switch (type) {
    case BufferType.u8:
    case BufferType.s8:
    case BufferType.bool:
      return 1
    case BufferType.u16:
    case BufferType.s16:
    case BufferType.f16:
      return 2
    case BufferType.u32:
    case BufferType.s32:
    case BufferType.f32:
      return 4
    case BufferType.f64:
    case BufferType.u64:
      return 8
    default:
      return 0
  }
}

/** The error for reading a number that is not a data type. */
export function unknownType(where: string, type: unknown): TypeError {
  return new TypeError(`${where}: type must be a BufferType, got ${show(type)}`)
}

/** The name of a data type, for messages. */
export function typeName(type: BufferType): string {
  const found = Object.entries(BufferType).find(([, value]) => value === type)
  return found === undefined ? show(type) : found[0]
}
