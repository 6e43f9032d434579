/** How a chunk is to be read. */
export const ChunkForm = {
  /** A difference to the packet's baseline. */
  difference: 0,
  /** A difference to a baseline of its own. */
  ownBaseline: 1,
  whole: 2,
  /** No chunk: the snapshot ends. */
  end: 3,
} as const
