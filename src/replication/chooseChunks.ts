// What a packet carries when it cannot carry all that is due.

import {
  type BitMark,
  type BitWriter,
  bitsWritten,
  markBits,
  rewindBits,
} from '../bits/BitWriter.ts'
import { vuBits } from '../bits/vu.ts'
import { type ClientView } from './ClientView.ts'
import { slotOf } from './netId.ts'
import { addToSet, slotAbove, slotBelow } from './SlotSet.ts'
import { addToQueue, clearQueue, orderQueue, takeFirst } from './PlaceQueue.ts'
import { type SnapshotOptions } from './SnapshotOptions.ts'
import { type Source } from './Source.ts'
import { writeChunk } from './writeChunk.ts'

/** After so many that did not fit, one after the other, no other is tried. */
const missesMax = 8
const priorityMax = 1e9
/** Above what any priority adds up to. */
const ownedFirst = 1e39

const before: BitMark = { at: 0, held: 0, heldBits: 0 }

/**
 * Chooses of what is due: own entities first, then those whose priority has added up to the most, until the packet is
 * full. At least one. Their slots are in `scratch.set` then.
 */
export function chooseChunks(
  source: Source,
  view: ClientView,
  writer: BitWriter,
  limit: number,
  options: SnapshotOptions,
): void {
  const { scratch, slots } = source
  const { set, queue } = scratch
  const { visible, client } = view
  queueDue(source, view, options)
  let bits = bitsWritten(writer)
  let chosen = 0
  for (let misses = 0; queue.count > 0 && misses < missesMax;) {
    const at = takeFirst(queue)
    const netId = visible.netId[at]!
    const slot = slotOf(netId)
    markBits(writer, before)
    writeChunk(writer, source, client, netId, 0, visible.ackedAt[at]!)
    const body = bitsWritten(writer) - before.at * 8 - before.heldBits - vuBits(0)
    rewindBits(writer, before)
    const below = slotBelow(set, slot)
    const above = slotAbove(set, slot, slots.end)
    let more = body + vuBits(slot - below - 1)
    if (above >= 0) more += vuBits(above - slot - 1) - vuBits(above - below - 1)
    if (chosen > 0 && bits + more > limit) {
      misses++
      continue
    }
    misses = 0
    chosen++
    bits += more
    addToSet(set, slot)
  }
}

/** Puts all that is due into the queue. What waits gains priority by the seconds since the last snapshot. */
function queueDue(
  { scratch, schema, history, row }: Source,
  { visible, client }: ClientView,
  { seconds, priorityOf }: SnapshotOptions,
): void {
  const { due, dueCount, queue } = scratch
  const ints = history.ints[row]!
  clearQueue(queue, dueCount)
  for (let index = 0; index < dueCount; index++) {
    const at = due[index]!
    const slot = slotOf(visible.netId[at]!)
    const priority = priorityOf === undefined ? 1 : priorityOf(slot)
    if (priority > 0) visible.waited[at]! += Math.min(priority, priorityMax) * seconds
    const isOwned = ints[slot * schema.intWidth + schema.ownerAt] === client
    addToQueue(queue, at, visible.waited[at]! + (isOwned ? ownedFirst : 0))
  }
  orderQueue(queue)
}
