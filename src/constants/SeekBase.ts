/** Where `seekBuffer` counts from, with GameMaker's numbers (`buffer_seek_start` …). */
export const SeekBase = {
  start: 0,
  relative: 1,
  /** From the end backwards: the offset is subtracted from the size. */
  end: 2,
} as const

export type SeekBase = (typeof SeekBase)[keyof typeof SeekBase]
