// What a packet says of one entity.

import { type BitWriter, writeBits } from '../bits/BitWriter.ts'
import { writeVu } from '../bits/vu.ts'
import { ChunkForm } from './ChunkForm.ts'
import { generationOf, slotOf } from './netId.ts'
import { type Schema } from './Schema.ts'
import { type SchemaComponent, type SchemaField } from './SchemaComponent.ts'
import { type Source } from './Source.ts'
import { writeDifference, writeWhole } from './writeValue.ts'

/**
 * Writes the chunk of an entity, as a difference if there is a tick whose values the client is known to have.
 *
 * @param gap slots between the last chunk and this one
 * @param ackedAt the tick of the newest chunk that the client holds for certain; 0 for none
 */
export function writeChunk(
  writer: BitWriter,
  source: Source,
  client: number,
  netId: number,
  gap: number,
  ackedAt: number,
): void {
  const { scratch, tick } = source
  const slot = slotOf(netId)
  const base = ackedAt === 0 ? 0 : baselineOf(source, slot, ackedAt)
  const form =
    base === 0
      ? ChunkForm.whole
      : base === scratch.baseline
        ? ChunkForm.difference
        : ChunkForm.ownBaseline
  writeBits(writer, form, 2)
  writeVu(writer, gap)
  if (base === 0) {
    writeBits(writer, generationOf(netId), 12)
    writeEntity(writer, source, client, slot)
    return
  }
  if (form === ChunkForm.ownBaseline) writeVu(writer, tick - base)
  const row = form === ChunkForm.difference ? scratch.baselineRow : rowBack(source, base)
  writeEntityDifference(writer, source, client, slot, row)
}

/** The tick of a snapshot that this entity can be a difference to: what the client holds of it is as it was then. 0 for none. */
function baselineOf(source: Source, slot: number, ackedAt: number): number {
  const { history, scratch, recent, settledAt } = source
  const { baseline } = scratch
  if (baseline >= ackedAt) {
    if (baseline === ackedAt) return baseline
    const changes = recent[slot]! >>> scratch.baselineBack
    const lastChange =
      changes === 0
        ? settledAt[slot]!
        : history.ticks[history.order[scratch.baselineBack + 31 - Math.clz32(changes & -changes)]!]!
    if (lastChange <= ackedAt) return baseline
  }
  const oldest = history.ticks[history.order[history.count - 1]!]!
  if (ackedAt >= oldest) return ackedAt
  // Older than the history, but the same since then.
  const isSettled =
    settledAt[slot]! <= ackedAt && ((recent[slot]! >>> (history.count - 1)) & 1) === 0
  return isSettled ? oldest : 0
}

function rowBack({ history }: Source, tick: number): number {
  const { order, ticks } = history
  let back = 0
  while (ticks[order[back]!] !== tick) back++
  return order[back]!
}

function writeEntity(writer: BitWriter, source: Source, client: number, slot: number): void {
  const { schema, history, row } = source
  const ints = history.ints[row]!
  const texts = history.texts[row]!
  const at = slot * schema.intWidth
  const textAt = slot * schema.textWidth
  const isOwned = ints[at + schema.ownerAt] === client
  writeBits(writer, isOwned ? 1 : 0, 1)
  // No key follows.
  writeBits(writer, 0, 1)
  const low = maskWord(schema, ints, at, 0, isOwned)
  const high = maskWord(schema, ints, at, 1, isOwned)
  writeMask(writer, schema, low, high)
  for (const component of schema.components)
    if (hasBit(low, high, component.index))
      writeComponent(writer, component, ints, at, texts, textAt)
}

function writeEntityDifference(
  writer: BitWriter,
  source: Source,
  client: number,
  slot: number,
  baseRow: number,
): void {
  const { schema, history, row } = source
  const ints = history.ints[row]!
  const base = history.ints[baseRow]!
  const texts = history.texts[row]!
  const baseTexts = history.texts[baseRow]!
  const at = slot * schema.intWidth
  const textAt = slot * schema.textWidth
  const isOwned = ints[at + schema.ownerAt] === client
  const wasOwned = base[at + schema.ownerAt] === client
  const low = maskWord(schema, ints, at, 0, isOwned)
  const high = maskWord(schema, ints, at, 1, isOwned)
  const baseLow = maskWord(schema, base, at, 0, wasOwned)
  const baseHigh = maskWord(schema, base, at, 1, wasOwned)
  const isSame = low === baseLow && high === baseHigh && isOwned === wasOwned
  writeBits(writer, isSame ? 0 : 1, 1)
  if (!isSame) {
    writeBits(writer, isOwned ? 1 : 0, 1)
    writeMask(writer, schema, low, high)
  }
  const { components } = schema
  for (let index = 0; index < components.length; index++) {
    if (!hasBit(low, high, index)) continue
    const component = components[index]!
    if (hasBit(baseLow, baseHigh, index))
      writeComponentDifference(writer, component, ints, base, at, texts, baseTexts, textAt)
    else writeComponent(writer, component, ints, at, texts, textAt)
  }
}

function writeComponent(
  writer: BitWriter,
  { fields }: SchemaComponent,
  ints: Int32Array,
  at: number,
  texts: readonly string[],
  textAt: number,
): void {
  for (let index = 0; index < fields.length; index++) {
    const { type, intAt, textAt: ownTextAt } = fields[index]!
    writeWhole(writer, type, ints, at + intAt, texts, textAt + ownTextAt)
  }
}

function writeComponentDifference(
  writer: BitWriter,
  { fields }: SchemaComponent,
  ints: Int32Array,
  base: Int32Array,
  at: number,
  texts: readonly string[],
  baseTexts: readonly string[],
  textAt: number,
): void {
  let changed = 0
  for (let index = 0; index < fields.length; index++)
    if (isChanged(fields[index]!, ints, base, at, texts, baseTexts, textAt)) changed |= 1 << index
  if (fields.length > 0) writeBits(writer, changed === 0 ? 0 : 1, 1)
  if (changed === 0) return
  if (fields.length > 1) writeBits(writer, changed, fields.length)
  for (let index = 0; index < fields.length; index++) {
    if (((changed >>> index) & 1) === 0) continue
    const { type, intAt, textAt: ownTextAt } = fields[index]!
    writeDifference(writer, type, ints, at + intAt, base, at + intAt, texts, textAt + ownTextAt)
  }
}

function isChanged(
  { type, intAt, textAt: ownTextAt }: SchemaField,
  ints: Int32Array,
  base: Int32Array,
  at: number,
  texts: readonly string[],
  baseTexts: readonly string[],
  textAt: number,
): boolean {
  const from = at + intAt
  for (let int = 0; int < type.ints; int++) if (ints[from + int] !== base[from + int]) return true
  return ownTextAt >= 0 && texts[textAt + ownTextAt] !== baseTexts[textAt + ownTextAt]
}

/** A word of the mask as the client sees it. */
function maskWord(
  { maskWords, ownerMask, othersMask }: Schema,
  ints: Int32Array,
  at: number,
  word: number,
  isOwned: boolean,
): number {
  if (word >= maskWords) return 0
  return ints[at + word]! & (isOwned ? ownerMask[word]! : othersMask[word]!)
}

function hasBit(low: number, high: number, index: number): boolean {
  return (((index < 32 ? low : high) >>> (index & 31)) & 1) === 1
}

function writeMask(writer: BitWriter, { components }: Schema, low: number, high: number): void {
  const count = components.length
  writeBits(writer, low, Math.min(count, 32))
  if (count > 32) writeBits(writer, high, count - 32)
}
