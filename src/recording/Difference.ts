import type { EntityId } from 'bitecs'

/** Where a replayed program first does something else than the recorded one did. */
export interface Difference {
  /** The tick, from 1; what comes between two ticks counts as the later one's. */
  readonly tick: number
  /** The socket, if it is about one that has an entity. */
  readonly socket: EntityId | undefined
  /** `sent`: the program did something else. `received`: the events of a tick are others than those recorded. */
  readonly direction: 'sent' | 'received'
  /** The first byte that differs; −1 if it is not bytes that differ. */
  readonly offset: number
  /** Bytes that were sent when it was recorded; empty if none were. */
  readonly recorded: Uint8Array
  /** Bytes that were sent in the replay; empty if none were. */
  readonly replayed: Uint8Array
  /** All of it in a line. */
  readonly message: string
}

/** Bytes shown on both sides of the first that differs. */
const shownBefore = 4
const shownBytes = 12

/** The first place where two runs of bytes differ, or −1. */
export function firstDifference(one: Uint8Array, other: Uint8Array): number {
  const size = Math.min(one.length, other.length)
  for (let at = 0; at < size; at++) if (one[at] !== other[at]) return at
  return one.length === other.length ? -1 : size
}

/** Some bytes around an offset, in hex. */
export function showBytes(bytes: Uint8Array, offset: number): string {
  const from = Math.max(0, offset - shownBefore)
  const shown = [...bytes.subarray(from, from + shownBytes)]
  const hex = shown.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return `${from > 0 ? '… ' : ''}${hex || 'nothing'}${from + shownBytes < bytes.length ? ' …' : ''}`
}
