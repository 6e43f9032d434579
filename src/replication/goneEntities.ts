import { type BitWriter } from '../bits/BitWriter.ts'
import { vuBits, writeVu } from '../bits/vu.ts'
import { type ClientView, removeGone } from './ClientView.ts'
import { slotOf } from './netId.ts'
import { releaseSlot } from './SlotTable.ts'
import { type SnapshotOptions } from './SnapshotOptions.ts'
import { type Source } from './Source.ts'
import { netIdBits, writeNetId } from './wireNetId.ts'

/**
 * Writes the entities that a client must no longer hold, as many as the bits hold; those that are on their way not.
 *
 * @returns how many are left
 */
export function writeGone(
  { gone, isOrdered }: ClientView,
  writer: BitWriter,
  tick: number,
  number: number,
  { resendTicks }: SnapshotOptions,
  bitsMax: number,
): number {
  const carried = (number & 32) === 0 ? gone.carriedLow : gone.carriedHigh
  const bit = 1 << (number & 31)
  let count = 0
  let bits = 0
  let left = 0
  for (let at = 0; at < gone.count; at++) {
    carried[at]! &= ~bit
    const sent = gone.sentAt[at]!
    if (sent > 0 && !isOrdered && tick - sent < resendTicks) continue
    const more = netIdBits(gone.netId[at]!)
    if (count > 0 && bits + more + vuBits(count + 1) > bitsMax) {
      left++
      continue
    }
    bits += more
    count++
    gone.sentAt[at] = tick
    carried[at]! |= bit
  }
  writeVu(writer, count)
  for (let at = 0; at < gone.count && count > 0; at++)
    if ((carried[at]! & bit) !== 0) {
      writeNetId(writer, gone.netId[at]!)
      count--
    }
  return left
}

/** Ordered links: what was sent is as good as received. */
export function settleGone(source: Source, view: ClientView): void {
  const { gone } = view
  for (let at = gone.count - 1; at >= 0; at--)
    if (gone.sentAt[at] === source.tick) forgetGone(source, view, at)
}

/** The client has dropped an entity for certain. */
export function forgetGone({ slots }: Source, { gone }: ClientView, at: number): void {
  releaseSlot(slots, slotOf(gone.netId[at]!))
  removeGone(gone, at)
}
