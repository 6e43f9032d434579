// From a row of `History` into the stores of a client's world.

import { type EntityId } from 'bitecs'
import { dequantise, dequantiseDouble } from '../replication/quantise.ts'
import { dequantiseQuaternion } from '../replication/quaternions.ts'
import { type Schema } from '../replication/Schema.ts'
import { type DeclaredComponent, type DeclaredField } from './Declared.ts'
import { type ReplicaRow } from './Guest.ts'
import { writeAt } from './readFields.ts'

const rotation: number[] = [0, 0, 0, 1]

/**
 * Writes the values of a component of an entity, but not what refers to entities.
 *
 * @param isNew the entity does not have the component yet
 */
export function writeComponent(
  row: ReplicaRow,
  index: number,
  entity: EntityId,
  { objects, declared }: DeclaredComponent,
  isNew: boolean,
): void {
  if (isNew) for (const values of objects) values[entity] = {}
  for (const field of declared) writeField(row, index, entity, field)
}

function writeField(row: ReplicaRow, index: number, entity: EntityId, field: DeclaredField): void {
  const { type, columns, intAt } = field
  if (type.kind === 'ref' || type.kind === 'relation') return
  if (type.kind === 'quaternion') {
    dequantiseQuaternion(type, row.ints, index * row.schema.intWidth + intAt, rotation, 0)
    for (let axis = 0; axis < 4; axis++) writeAt(columns[axis]!, entity, rotation[axis]!)
  } else writeAt(columns[0]!, entity, valueInRow(row.ints, row.texts, row.schema, index, field))
}

/** A value of a replica as its store holds it: of all but rotations, and what refers to entities. */
export function valueInRow(
  ints: Int32Array,
  texts: readonly string[],
  schema: Schema,
  index: number,
  { type, columns, intAt, textAt }: DeclaredField,
): unknown {
  const at = index * schema.intWidth + intAt
  if (type.kind === 'text') return texts[index * schema.textWidth + textAt]!
  if (type.kind === 'f64') return dequantiseDouble(ints, at)
  const value = dequantise(type, ints[at]!)
  // Typed arrays keep the numbers.
  if (Array.isArray(columns[0]!.values)) {
    if (type.kind === 'bool') return value !== 0
    if (type.kind === 'oneOf') return type.names[value]
  }
  return value
}
