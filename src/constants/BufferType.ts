/** The data types of a buffer, with GameMaker's numbers (`buffer_u8` …). All are little-endian. */
export const BufferType = {
  u8: 1,
  s8: 2,
  u16: 3,
  s16: 4,
  u32: 5,
  s32: 6,
  f16: 7,
  f32: 8,
  f64: 9,
  bool: 10,
  /** UTF-8 that ends with a NUL byte. */
  string: 11,
  u64: 12,
  /** UTF-8 without a NUL byte. */
  text: 13,
} as const

export type BufferType = (typeof BufferType)[keyof typeof BufferType]
