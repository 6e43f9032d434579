import { slotOf } from './netId.ts'
import { hasComponent } from './readChunk.ts'
import { endReplica, type Replicas, rowBefore, takeIndex } from './Replicas.ts'
import { type SchemaField } from './SchemaComponent.ts'

/** An entity of the server has gone, or the client sees it no longer. */
export function applyGone(replicas: Replicas, netId: number): void {
  const { bySlot, goneSlots, lastTick, draft } = replicas
  const slot = slotOf(netId)
  const index = bySlot.get(slot)
  if (index === undefined) {
    const before = goneSlots.get(slot)
    if (before === undefined || before < draft.tick) goneSlots.set(slot, draft.tick)
    return
  }
  if (lastTick[index]! >= draft.tick) return
  lastTick[index] = draft.tick
  if (replicas.alive[index] === 1) end(replicas, index)
}

/** Takes the entity of a chunk: into the history always, as the state of its replica if nothing newer is known. */
export function applyChunk(replicas: Replicas, chunk: number): void {
  const { draft, bySlot, goneSlots, lastTick } = replicas
  const slot = draft.slots[chunk]!
  const netId = draft.netIds[chunk]!
  const index = bySlot.get(slot)
  if (index === undefined) {
    if ((goneSlots.get(slot) ?? 0) < draft.tick) begin(replicas, chunk, netId)
    return
  }
  const isNewer = lastTick[index]! < draft.tick
  const isSame = netId === 0 || netId === replicas.netId[index]
  if (isSame && replicas.alive[index] === 1) {
    if (isNewer) change(replicas, chunk, index)
    else store(replicas, chunk, index)
  } else if (isNewer && netId !== 0) {
    if (replicas.alive[index] === 1) {
      lastTick[index] = draft.tick
      end(replicas, index)
    }
    begin(replicas, chunk, netId)
  }
}

/** A connection that began again is complete: what it has not named is not there any more. */
export function dropUnconfirmed(replicas: Replicas): void {
  for (let index = 0; index < replicas.end; index++) {
    if (replicas.unconfirmed[index] === 0) continue
    replicas.lastTick[index] = replicas.draft.tick
    end(replicas, index)
  }
}

function end(replicas: Replicas, index: number): void {
  const { changes } = replicas
  endReplica(replicas, index)
  changes.gone[changes.goneCount++] = index
}

function begin(replicas: Replicas, chunk: number, netId: number): void {
  const { changes, draft } = replicas
  const index = takeIndex(replicas, netId)
  replicas.goneSlots.delete(slotOf(netId))
  store(replicas, chunk, index)
  const at = changes.count++
  changes.isNew[at] = 1
  changes.oldLow[at] = 0
  changes.oldHigh[at] = 0
  changes.wasOwned[at] = 0
  noteState(replicas, chunk, index, at)
  changes.changedLow[at] = changes.low[at]!
  changes.changedHigh[at] = changes.high[at]!
  replicas.lastTick[index] = draft.tick
}

function change(replicas: Replicas, chunk: number, index: number): void {
  const { changes, draft, lastTick } = replicas
  const at = changes.count++
  changes.isNew[at] = 0
  changes.oldLow[at] = replicas.maskLow[index]!
  changes.oldHigh[at] = replicas.maskHigh[index]!
  changes.wasOwned[at] = replicas.owned[index]!
  const last = lastTick[index]!
  const lastRow = last === 0 ? -1 : rowBefore(replicas, index, last)
  compare(replicas, chunk, index, lastRow, at)
  store(replicas, chunk, index)
  noteState(replicas, chunk, index, at)
  lastTick[index] = draft.tick
  if (replicas.unconfirmed[index] === 0) return
  replicas.unconfirmed[index] = 0
  replicas.unconfirmedCount--
}

/** Puts the entity of a chunk into the row of its tick. */
function store(replicas: Replicas, chunk: number, index: number): void {
  const { draft, history, schema, changes, stamps, heldTo } = replicas
  const { intWidth, textWidth } = schema
  const { row } = changes
  const ints = history.ints[row]!
  for (let int = 0; int < intWidth; int++)
    ints[index * intWidth + int] = draft.ints[chunk * intWidth + int]!
  const texts = history.texts[row]!
  for (let text = 0; text < textWidth; text++)
    texts[index * textWidth + text] = draft.texts[chunk * textWidth + text]!
  stamps[row]![index] = draft.tick
  heldTo[row]![index] = draft.heldTo[chunk]!
}

/** The masks and the owner of a replica are those of the chunk. */
function noteState(replicas: Replicas, chunk: number, index: number, at: number): void {
  const { draft, schema, changes } = replicas
  const from = chunk * schema.intWidth
  const low = draft.ints[from]!
  const high = schema.maskWords > 1 ? draft.ints[from + 1]! : 0
  const owned = draft.ints[from + schema.ownerAt]!
  changes.index[at] = index
  changes.low[at] = low
  changes.high[at] = high
  changes.owned[at] = owned
  replicas.maskLow[index] = low
  replicas.maskHigh[index] = high
  replicas.owned[index] = owned
}

/** Finds the components of a chunk that the replica does not have, or has with other values. */
function compare(
  { draft, history, schema, changes }: Replicas,
  chunk: number,
  index: number,
  lastRow: number,
  at: number,
): void {
  const { intWidth, textWidth, components } = schema
  const from = chunk * intWidth
  const lastFrom = index * intWidth
  let low = 0
  let high = 0
  for (let number = 0; number < components.length; number++) {
    if (!hasComponent(draft.ints, from, number)) continue
    const last = lastRow < 0 ? undefined : history.ints[lastRow]!
    const isSame =
      last !== undefined &&
      hasComponent(last, lastFrom, number) &&
      isEqual(components[number]!.fields, draft.ints, from, last, lastFrom) &&
      (textWidth === 0 ||
        isEqualText(
          components[number]!.fields,
          draft.texts,
          chunk * textWidth,
          history.texts[lastRow]!,
          index * textWidth,
        ))
    if (isSame) continue
    if (number < 32) low |= 1 << number
    else high |= 1 << (number & 31)
  }
  changes.changedLow[at] = low
  changes.changedHigh[at] = high
}

function isEqual(
  fields: readonly SchemaField[],
  ints: Int32Array,
  from: number,
  others: Int32Array,
  otherFrom: number,
): boolean {
  for (let index = 0; index < fields.length; index++) {
    const { type, intAt } = fields[index]!
    for (let int = intAt; int < intAt + type.ints; int++)
      if (ints[from + int] !== others[otherFrom + int]) return false
  }
  return true
}

function isEqualText(
  fields: readonly SchemaField[],
  texts: readonly string[],
  from: number,
  others: readonly string[],
  otherFrom: number,
): boolean {
  for (let index = 0; index < fields.length; index++) {
    const { textAt } = fields[index]!
    if (textAt >= 0 && texts[from + textAt] !== others[otherFrom + textAt]) return false
  }
  return true
}
