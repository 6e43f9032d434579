// From a row of `History` into the stores of a client's world.

import { type EntityId } from 'bitecs'
import { dequantise, dequantiseDouble } from '../replication/quantise.ts'
import { dequantiseQuaternion } from '../replication/quaternions.ts'
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

function writeField(
  { ints, texts, schema }: ReplicaRow,
  index: number,
  entity: EntityId,
  { type, columns, intAt, textAt }: DeclaredField,
): void {
  if (type.kind === 'ref' || type.kind === 'relation') return
  const at = index * schema.intWidth + intAt
  if (type.kind === 'quaternion') {
    dequantiseQuaternion(type, ints, at, rotation, 0)
    for (let axis = 0; axis < 4; axis++) writeAt(columns[axis]!, entity, rotation[axis]!)
    return
  }
  const column = columns[0]!
  let value: unknown
  if (type.kind === 'text') value = texts[index * schema.textWidth + textAt]!
  else if (type.kind === 'f64') value = dequantiseDouble(ints, at)
  else value = dequantise(type, ints[at]!)
  // Typed arrays keep the numbers.
  if (Array.isArray(column.values)) {
    if (type.kind === 'bool') value = value !== 0
    else if (type.kind === 'oneOf') value = type.names[value as number]
  }
  writeAt(column, entity, value)
}
