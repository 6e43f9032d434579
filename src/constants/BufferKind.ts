/** How a buffer treats its end, with GameMaker's numbers (`buffer_fixed` …). */
export const BufferKind = {
  /** Keeps its size. */
  fixed: 0,
  /** Doubles its size when a write needs more. */
  grow: 1,
  /** Continues at its start. */
  wrap: 2,
  /** Keeps its size and takes `u8` only. */
  fast: 3,
} as const

export type BufferKind = (typeof BufferKind)[keyof typeof BufferKind]
