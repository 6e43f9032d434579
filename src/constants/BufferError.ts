/**
 * Results of buffer functions that could not do their work, with GameMaker's numbers. `writeBuffer`, `pokeBuffer` and
 * `fillBuffer` throw instead.
 */
export const BufferError = {
  general: -1,
  /** There is no room and the buffer cannot grow. Nothing was written. */
  outOfSpace: -2,
  /** The value does not suit the data type, or the buffer's kind does not take it. Nothing was written. */
  invalidType: -4,
} as const

export type BufferError = (typeof BufferError)[keyof typeof BufferError]
