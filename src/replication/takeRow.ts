import { insertRow, rowOf } from './History.ts'
import { slotOf } from './netId.ts'
import { type Replicas } from './Replicas.ts'

/** The row for a tick that is newer than `replicas.evicted`. What its values of before are still needed for is kept. */
export function takeRow(replicas: Replicas, tick: number): number {
  const { history } = replicas
  const row = rowOf(history, tick)
  if (row >= 0) return row
  if (history.count === history.rows) evict(replicas, history.order[history.rows - 1]!)
  return insertRow(history, tick)
}

/** Keeps of each replica the newest chunk that is older than the ring, in the row behind it. */
function evict(replicas: Replicas, row: number): void {
  const { history, schema, stamps, heldTo } = replicas
  const { intWidth, textWidth } = schema
  const tick = history.ticks[row]!
  const ints = history.ints[row]!
  const texts = history.texts[row]!
  const kept = history.ints[history.rows]!
  const keptTexts = history.texts[history.rows]!
  const keptStamps = stamps[history.rows]!
  const rowStamps = stamps[row]!
  for (let index = 0; index < replicas.end; index++) {
    if (rowStamps[index] !== tick) continue
    keptStamps[index] = tick
    heldTo[history.rows]![index] = heldTo[row]![index]!
    const end = (index + 1) * intWidth
    for (let at = index * intWidth; at < end; at++) kept[at] = ints[at]!
    const textEnd = (index + 1) * textWidth
    for (let at = index * textWidth; at < textEnd; at++) keptTexts[at] = texts[at]!
  }
  replicas.evicted = tick
  forgetGone(replicas)
}

/** No packet can come any more that is older than the end of these. */
function forgetGone(replicas: Replicas): void {
  const { goneSlots, evicted, dying } = replicas
  if (goneSlots.size > 0)
    for (const [slot, tick] of goneSlots) if (tick <= evicted) goneSlots.delete(slot)
  for (let at = dying.length - 1; at >= 0; at--) {
    const index = dying[at]!
    if (replicas.lastTick[index]! > evicted || replicas.released[index] === 0) continue
    const slot = slotOf(replicas.netId[index]!)
    if (replicas.bySlot.get(slot) === index) replicas.bySlot.delete(slot)
    replicas.free.push(index)
    dying[at] = dying.at(-1)!
    dying.length--
  }
}
