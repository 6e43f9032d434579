// From the stores of a world into a row of `History`.

import { type EntityId, getRelationTargets, type Relation, type World } from 'bitecs'
import { cutText } from '../replication/cutText.ts'
import { type FieldType } from '../replication/FieldType.ts'
import { dequantise, dequantiseDouble } from '../replication/quantise.ts'
import { quantiseColumn } from '../replication/quantiseColumn.ts'
import { dequantiseQuaternion, quantiseQuaternion } from '../replication/quaternions.ts'
import { packTargets } from '../replication/relationText.ts'
import { type Column, type DeclaredComponent, type DeclaredField } from './Declared.ts'
import { type Host } from './Host.ts'

/** Entities that have a component, and their slots. */
export interface Found {
  readonly entities: EntityId[]
  readonly slots: number[]
  count: number
}

/** Numbers of a column whose values are in objects, or are names, in the order of `Found`. */
const gathered: number[] = []
const inOrder: number[] = []
const rotation: number[] = [0, 0, 0, 1]

/** Reads a field of all that have it. Returns how many of its values are not what the type holds. */
export function readField(
  world: World,
  host: Host,
  { component, isRelation }: DeclaredComponent,
  field: DeclaredField,
  found: Found,
): number {
  const { history, row, schema } = host.source
  const ints = history.ints[row]!
  const { type, columns, intAt } = field
  const { entities, slots, count } = found
  if (type.texts > 0) {
    const texts = history.texts[row]!
    const { textWidth } = schema
    for (let n = 0; n < count; n++) {
      const at = slots[n]! * textWidth + field.textAt
      texts[at] = isRelation
        ? targetsOf(world, host, entities[n]!, component, texts[at]!)
        : cutText(textOf(valueAt(columns[0]!, entities[n]!)), type.bytesMax)
    }
    return 0
  }
  if (type.kind === 'quaternion') return readRotations(host, field, found)
  const [column] = columns
  if (column!.key === undefined && type.kind !== 'ref' && type.kind !== 'oneOf') {
    const values = column!.values as number[]
    return quantiseColumn(type, values, entities, slots, count, ints, intAt, schema.intWidth)
  }
  for (let n = 0; n < count; n++) {
    gathered[n] = numberOf(host, type, valueAt(column!, entities[n]!))
    inOrder[n] = n
  }
  if (type.kind !== 'ref')
    return quantiseColumn(type, gathered, inOrder, slots, count, ints, intAt, schema.intWidth)
  for (let n = 0; n < count; n++) ints[slots[n]! * schema.intWidth + intAt] = gathered[n]!
  return 0
}

export function valueAt({ values, key }: Column, entity: EntityId): unknown {
  const value = values[entity]
  return key === undefined ? value : (value as Record<string, unknown> | undefined)?.[key]
}

/** The number that stands for a value: a name's place, an entity's net id. */
function numberOf({ netIds }: Host, type: FieldType, value: unknown): number {
  if (type.kind === 'ref') return netIds.get(value as EntityId) ?? 0
  if (typeof value === 'string' && type.kind === 'oneOf') {
    const index = type.names.indexOf(value)
    return index < 0 ? NaN : index
  }
  return value as number
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function readRotations(
  { source }: Host,
  { type, columns, intAt }: DeclaredField,
  found: Found,
): number {
  const ints = source.history.ints[source.row]!
  const { intWidth } = source.schema
  const { entities, slots, count } = found
  let lost = 0
  for (let n = 0; n < count; n++) {
    for (let axis = 0; axis < 4; axis++)
      rotation[axis] = valueAt(columns[axis]!, entities[n]!) as number
    const [x, y, z, w] = rotation as [number, number, number, number]
    if (!quantiseQuaternion(type, x, y, z, w, ints, slots[n]! * intWidth + intAt)) lost++
  }
  return lost
}

let targetIds = new Uint32Array(16)

/** The targets of a relation that are replicated, packed. */
function targetsOf(
  world: World,
  { netIds }: Host,
  entity: EntityId,
  relation: object,
  last: string,
): string {
  const targets = getRelationTargets(world, entity, relation as Relation<object>)
  if (targets.length > targetIds.length) targetIds = new Uint32Array(targets.length * 2)
  let count = 0
  for (const target of targets) {
    const netId = netIds.get(target)
    if (netId !== undefined) targetIds[count++] = netId
  }
  return packTargets(targetIds, count, last)
}

/** The stores get the values that were sent. */
export function snapField(host: Host, { type, columns, intAt }: DeclaredField, found: Found): void {
  const { history, row, schema } = host.source
  const ints = history.ints[row]!
  if (type.texts > 0 || type.kind === 'ref' || type.kind === 'oneOf' || type.kind === 'bool') return
  for (let n = 0; n < found.count; n++) {
    const at = found.slots[n]! * schema.intWidth + intAt
    if (type.kind === 'quaternion') dequantiseQuaternion(type, ints, at, rotation, 0)
    else
      rotation[0] = type.kind === 'f64' ? dequantiseDouble(ints, at) : dequantise(type, ints[at]!)
    for (const [axis, column] of columns.entries())
      writeAt(column, found.entities[n]!, rotation[axis]!)
  }
}

/** Writes a value; of a column in objects only where there is one. */
export function writeAt({ values, key }: Column, entity: EntityId, value: unknown): void {
  if (key === undefined) values[entity] = value
  else {
    const object = values[entity] as Record<string, unknown> | undefined
    if (object !== undefined) object[key] = value
  }
}
