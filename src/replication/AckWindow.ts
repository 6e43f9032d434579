/** The snapshots that have arrived, as a client acknowledges them. */
export interface AckWindow {
  /** The newest sequence, 16 bits; −1 before the first. */
  newest: number
  /** The 32 before it, the one just before in the lowest bit. */
  mask: number
}

export function createAckWindow(): AckWindow {
  return { newest: -1, mask: 0 }
}

/** Whether a sequence is one that has not arrived yet, and not older than the window. */
export function isExpected({ newest, mask }: AckWindow, sequence: number): boolean {
  if (newest < 0) return true
  const back = (newest - sequence) & 0xffff
  if (back >= 0x8000) return true
  return back > 0 && back <= 32 && ((mask >>> (back - 1)) & 1) === 0
}

/** Notes a sequence that is expected. */
export function noteArrival(acks: AckWindow, sequence: number): void {
  if (acks.newest < 0) {
    acks.newest = sequence
    return
  }
  const ahead = (sequence - acks.newest) & 0xffff
  if (ahead >= 0x8000) {
    acks.mask = (acks.mask | (1 << (((acks.newest - sequence) & 0xffff) - 1))) >>> 0
    return
  }
  const moved = ahead > 31 ? 0 : acks.mask << ahead
  acks.mask = (ahead > 32 ? 0 : moved | (1 << (ahead - 1))) >>> 0
  acks.newest = sequence
}
