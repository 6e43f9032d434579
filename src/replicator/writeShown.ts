import { type EntityId } from 'bitecs'
import { dequantiseQuaternion } from '../replication/quaternions.ts'
import { Mixing } from '../replication/shown/MixPlan.ts'
import { type Column, type DeclaredField, type ShownStore } from './Declared.ts'
import { type Guest } from './Guest.ts'
import { valueAt, writeAt } from './readFields.ts'
import { type Replicator } from './Replicator.ts'
import { valueInRow } from './writeFields.ts'

const rotation: number[] = [0, 0, 0, 1]

/** Writes what `mixFrame` has mixed of a replica into the stores that are drawn from. */
export function writeShown(
  { components }: Replicator,
  guest: Guest,
  index: number,
  entity: EntityId,
): void {
  const { plan, rows, values } = guest.timeline.mixer
  for (let place = 0; place < plan.components.length; place++) {
    const row = rows[place]!
    if (row < 0) continue
    const component = plan.components[place]!
    const { shown, declared: own } = components[component.index]!
    const store = shown!
    if (store.objects.length > 0) addObjects(store, entity)
    for (let number = 0; number < component.fields.length; number++) {
      const { mixing, at } = component.fields[number]!
      const field = store.fields[number]!
      if (mixing === Mixing.step) writeSwitched(guest, row, index, entity, field, own[number]!)
      else
        for (let axis = 0; axis < field.columns.length; axis++)
          writeNumber(field.columns[axis]!, entity, values[at + axis]!)
    }
  }
}

function addObjects({ objects }: ShownStore, entity: EntityId): void {
  for (let at = 0; at < objects.length; at++) objects[at]![entity] ??= {}
}

function writeNumber(column: Column, entity: EntityId, value: number): void {
  const { values, key } = column
  if (key !== undefined) writeAt(column, entity, value)
  else {
    // An array with a gap would be a slow one.
    if (Array.isArray(values)) while (values.length < entity) values.push(0)
    values[entity] = value
  }
}

/**
 * Writes a field that is switched when its time is shown.
 *
 * @param own the component's own field
 */
function writeSwitched(
  { replicas }: Guest,
  row: number,
  index: number,
  entity: EntityId,
  field: DeclaredField,
  own: DeclaredField,
): void {
  const { history, schema } = replicas
  const { type, columns, intAt } = field
  const column = columns[0]!
  const ints = history.ints[row]!
  if (type.kind === 'quaternion') {
    dequantiseQuaternion(type, ints, index * schema.intWidth + intAt, rotation, 0)
    for (let axis = 0; axis < 4; axis++) writeNumber(columns[axis]!, entity, rotation[axis]!)
  } else if (type.kind === 'ref') {
    // What it refers to comes and goes at any time: the array is the component's own, but where it is in objects.
    if (column.key !== undefined) writeAt(column, entity, valueAt(own.columns[0]!, entity))
  } else {
    const value = valueInRow(ints, history.texts[row]!, schema, index, field)
    if (typeof value === 'number') writeNumber(column, entity, value)
    else writeAt(column, entity, value)
  }
}
