import { type Schema } from './Schema.ts'
import { type Source } from './Source.ts'

// Who sees a change.
const byOwner = 1
const byOthers = 2
const byAll = 3

/** Ends a tick that has a snapshot: finds the entities that differ from the snapshot before. */
export function endTick(source: Source): void {
  const { history, slots, tick, row, evicted, recent, settledAt } = source
  const last = history.count > 1 ? history.order[1]! : row
  const ints = history.ints[row]!
  const before = history.ints[last]!
  const texts = history.texts[row]!
  const textsBefore = history.texts[last]!
  const oldestBit = 1 << (history.rows - 1)
  const kept = (oldestBit - 1) | oldestBit
  for (let slot = 1; slot < slots.end; slot++) {
    if (slots.alive[slot] === 0) continue
    const bits = recent[slot]!
    if ((bits & oldestBit) !== 0) settledAt[slot] = evicted
    const isNew = source.changedForOthers[slot] === 0
    const seen = isNew
      ? byAll
      : changeOf(source.schema, ints, before, slot) |
        (texts.length > 0 ? textChangeOf(source.schema, texts, textsBefore, slot) : 0)
    recent[slot] = ((bits << 1) | (seen === 0 ? 0 : 1)) & kept
    if ((seen & byOwner) !== 0) source.changedForOwner[slot] = tick
    if ((seen & byOthers) !== 0) source.changedForOthers[slot] = tick
  }
}

function changeOf(schema: Schema, ints: Int32Array, before: Int32Array, slot: number): number {
  const { intWidth, ownerAt, ownerIntsAt, othersIntsAt } = schema
  const at = slot * intWidth
  if (ints[at + ownerAt] !== before[at + ownerAt]) return byAll
  let seen = 0
  for (let word = 0; word < ownerAt; word++) {
    const change = ints[at + word]! ^ before[at + word]!
    if ((change & schema.ownerMask[word]!) !== 0) seen |= byOwner
    if ((change & schema.othersMask[word]!) !== 0) seen |= byOthers
  }
  if (seen === byAll) return byAll
  if (differs(ints, before, at + ownerAt + 1, at + ownerIntsAt)) return byAll
  if (differs(ints, before, at + ownerIntsAt, at + othersIntsAt)) seen |= byOwner
  if (differs(ints, before, at + othersIntsAt, at + intWidth)) seen |= byOthers
  return seen
}

function differs(ints: Int32Array, before: Int32Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (ints[at] !== before[at]) return true
  return false
}

function textChangeOf(
  { textWidth, textAudiences }: Schema,
  texts: readonly string[],
  before: readonly string[],
  slot: number,
): number {
  let seen = 0
  for (let text = 0; text < textWidth; text++) {
    const at = slot * textWidth + text
    if (texts[at] === before[at]) continue
    const audience = textAudiences[text]
    seen |= audience === 'all' ? byAll : audience === 'owner' ? byOwner : byOthers
  }
  return seen
}
