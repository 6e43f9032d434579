import { addGone, type ClientView, ensureVisible, removeGone, type Visible } from './ClientView.ts'
import { netIdOf, slotOf } from './netId.ts'
import { addToSet, drainSet, ensureSlots } from './SlotSet.ts'
import { holdSlot } from './SlotTable.ts'
import { type Source } from './Source.ts'

/**
 * Says what a client sees from now on, before each snapshot to it. What it saw before and is not in the list goes on
 * its gone list, and so does what was removed.
 *
 * @param list slots in any order, those that the client owns among them; duplicates and slots without an entity count once or not
 */
export function setVisible(
  source: Source,
  view: ClientView,
  list: ArrayLike<number>,
  count: number,
): void {
  const { slots, scratch } = source
  const { end, alive } = slots
  ensureSlots(scratch.set, end)
  if (scratch.slots.length < end) scratch.slots = new Uint32Array(Math.ceil(end * 1.25))
  for (let at = 0; at < count; at++) {
    const slot = list[at]!
    if (slot < end && alive[slot] === 1) addToSet(scratch.set, slot)
  }
  const wanted = scratch.slots
  const wantedCount = drainSet(scratch.set, end, wanted)
  const { visible } = view
  if (isUnchanged(source, visible, wanted, wantedCount)) return
  const kept = keepWanted(source, view, wanted, wantedCount)
  ensureVisible(visible, wantedCount, view.isOrdered)
  addWanted(source, view, wanted, wantedCount, kept)
  visible.count = wantedCount
}

function isUnchanged(
  { slots }: Source,
  { netId, count }: Visible,
  wanted: Uint32Array,
  wantedCount: number,
): boolean {
  if (count !== wantedCount) return false
  for (let at = 0; at < count; at++)
    if (netIdOf(wanted[at]!, slots.generations[wanted[at]!]!) !== netId[at]) return false
  return true
}

/** Moves the pairs that stay to the front; the others go. Returns how many stay. */
function keepWanted(
  { slots }: Source,
  { visible, gone }: ClientView,
  wanted: Uint32Array,
  wantedCount: number,
): number {
  let kept = 0
  let next = 0
  for (let at = 0; at < visible.count; at++) {
    const netId = visible.netId[at]!
    const slot = slotOf(netId)
    while (next < wantedCount && wanted[next]! < slot) next++
    const isWanted = next < wantedCount && wanted[next] === slot
    if (isWanted && netIdOf(slot, slots.generations[slot]!) === netId) move(visible, at, kept++)
    else addGone(gone, netId)
  }
  return kept
}

/** Spreads the pairs that stay, from the last to the first, and puts new ones between them. */
function addWanted(
  { slots }: Source,
  { visible, gone, isOrdered }: ClientView,
  wanted: Uint32Array,
  wantedCount: number,
  kept: number,
): void {
  let from = kept - 1
  for (let to = wantedCount - 1; to >= 0; to--) {
    const slot = wanted[to]!
    if (from >= 0 && slotOf(visible.netId[from]!) === slot) {
      move(visible, from--, to)
      continue
    }
    const netId = netIdOf(slot, slots.generations[slot]!)
    const wasGone = gone.count > 0 ? gone.netId.subarray(0, gone.count).indexOf(netId) : -1
    // A client that was to drop it may hold it still: then it is held already.
    if (wasGone >= 0) removeGone(gone, wasGone)
    else holdSlot(slots, slot)
    visible.netId[to] = netId
    visible.ackedAt[to] = 0
    visible.sentAt[to] = 0
    visible.waited[to] = 0
    if (isOrdered) continue
    visible.carriedLow[to] = 0
    visible.carriedHigh[to] = 0
  }
}

function move(visible: Visible, from: number, to: number): void {
  if (from === to) return
  visible.netId[to] = visible.netId[from]!
  visible.ackedAt[to] = visible.ackedAt[from]!
  visible.sentAt[to] = visible.sentAt[from]!
  visible.waited[to] = visible.waited[from]!
  if (visible.carriedLow.length === 0) return
  visible.carriedLow[to] = visible.carriedLow[from]!
  visible.carriedHigh[to] = visible.carriedHigh[from]!
}
