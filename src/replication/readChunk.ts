// Reading what writeChunk.ts writes: one entity into a place that is laid out as in a row of `History`.

import { type BitReader, readBits } from '../bits/BitReader.ts'
import { readDifference, readWhole } from './readValue.ts'
import { type Schema } from './Schema.ts'
import { type SchemaComponent } from './SchemaComponent.ts'

/** Reads an entity of which nothing is known, after its generation. */
export function readEntity(
  reader: BitReader,
  schema: Schema,
  out: Int32Array,
  at: number,
  outTexts: string[],
  textAt: number,
): void {
  out.fill(0, at, at + schema.intWidth)
  for (let text = 0; text < schema.textWidth; text++) outTexts[textAt + text] = ''
  out[at + schema.ownerAt] = readBits(reader, 1)
  // A key of entities that the client has made before the server, which this version has no use for.
  if (readBits(reader, 1) === 1) readBits(reader, 32)
  readMask(reader, schema, out, at)
  for (const component of schema.components)
    if (hasComponent(out, at, component.index))
      readComponent(reader, component, out, at, outTexts, textAt)
}

/** Reads an entity as a difference to its values at `baseAt` of `base`. */
export function readEntityDifference(
  reader: BitReader,
  schema: Schema,
  base: Int32Array,
  baseAt: number,
  baseTexts: readonly string[],
  baseTextAt: number,
  out: Int32Array,
  at: number,
  outTexts: string[],
  textAt: number,
): void {
  const { intWidth, textWidth, components } = schema
  for (let int = 0; int < intWidth; int++) out[at + int] = base[baseAt + int]!
  for (let text = 0; text < textWidth; text++)
    outTexts[textAt + text] = baseTexts[baseTextAt + text]!
  if (readBits(reader, 1) === 1) {
    out[at + schema.ownerAt] = readBits(reader, 1)
    readMask(reader, schema, out, at)
  }
  for (let index = 0; index < components.length && !reader.failed; index++) {
    if (!hasComponent(out, at, index)) continue
    const component = components[index]!
    if (hasComponent(base, baseAt, index))
      readComponentDifference(reader, component, base, baseAt, out, at, outTexts, textAt)
    else readComponent(reader, component, out, at, outTexts, textAt)
  }
}

/** Whether the entity at a place has a component. */
export function hasComponent(ints: Int32Array, at: number, index: number): boolean {
  return ((ints[at + (index >> 5)]! >>> (index & 31)) & 1) === 1
}

function readComponent(
  reader: BitReader,
  { fields }: SchemaComponent,
  out: Int32Array,
  at: number,
  outTexts: string[],
  textAt: number,
): void {
  for (let index = 0; index < fields.length; index++) {
    const { type, intAt, textAt: ownTextAt } = fields[index]!
    readWhole(reader, type, out, at + intAt, outTexts, textAt + ownTextAt)
  }
}

function readComponentDifference(
  reader: BitReader,
  { fields }: SchemaComponent,
  base: Int32Array,
  baseAt: number,
  out: Int32Array,
  at: number,
  outTexts: string[],
  textAt: number,
): void {
  if (fields.length === 0 || readBits(reader, 1) === 0) return
  const changed = fields.length > 1 ? readBits(reader, fields.length) : 1
  for (let index = 0; index < fields.length; index++) {
    if (((changed >>> index) & 1) === 0) continue
    const { type, intAt, textAt: ownTextAt } = fields[index]!
    const from = baseAt + intAt
    readDifference(reader, type, out, at + intAt, base, from, outTexts, textAt + ownTextAt)
  }
}

function readMask(
  reader: BitReader,
  { components, maskWords }: Schema,
  out: Int32Array,
  at: number,
): void {
  const count = components.length
  out[at] = readBits(reader, Math.min(count, 32))
  if (maskWords > 1) out[at + 1] = readBits(reader, count - 32)
}
