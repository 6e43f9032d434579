import { type BufferType } from '../constants/BufferType.ts'

/** What a buffer can hold. */
export type BufferValue = number | bigint | boolean | string

/** What reading a data type gives: a number, except `u64` (bigint), `bool` (boolean), `string` and `text`. */
export type ReadValue<Type extends BufferType> = Type extends typeof BufferType.u64
  ? bigint
  : Type extends typeof BufferType.bool
    ? boolean
    : Type extends typeof BufferType.string | typeof BufferType.text
      ? string
      : number

/** What writing a data type takes: what reading it returns, and for `u64` and `bool` a number too. */
export type WriteValue<Type extends BufferType> =
  ReadValue<Type> | (Type extends typeof BufferType.u64 | typeof BufferType.bool ? number : never)
