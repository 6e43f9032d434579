import { dequantise, dequantiseDouble } from '../quantise.ts'
import { dequantiseQuaternion } from '../quaternions.ts'
import { hasComponent } from '../readChunk.ts'
import { type Replicas } from '../Replicas.ts'
import { type MixComponent, type MixField, type MixPlan, Mixing } from './MixPlan.ts'
import { mixRotations } from './rotations.ts'
import { type Span } from './Span.ts'

const turn = 2 * Math.PI
const rotationFrom = new Float64Array(4)
const rotationTo = new Float64Array(4)

/**
 * Mixes a replica.
 *
 * @param values gets its numbers
 * @param rows gets, for each component of the plan, the row of its switched fields, −1 if it does not have it
 */
export function mixReplica(
  { history, schema }: Replicas,
  { components }: MixPlan,
  index: number,
  span: Span,
  values: Float64Array,
  rows: Int16Array,
): void {
  const { from, to } = span
  const isThere = span.part >= 1
  const base = index * schema.intWidth
  const ints = history.ints[from]!
  const others = to < 0 ? ints : history.ints[to]!
  for (let place = 0; place < components.length; place++) {
    const component = components[place]!
    const isBefore = hasComponent(ints, base, component.index)
    const isAfter = to >= 0 && hasComponent(others, base, component.index)
    const isArrived = isAfter && (!isBefore || isThere)
    rows[place] = isArrived ? to : isBefore ? from : -1
    if (!isBefore && !isAfter) continue
    if (!isBefore || !isAfter) take(component, isBefore ? ints : others, base, values)
    else if (isTeleport(component, ints, others, base))
      take(component, isThere ? others : ints, base, values)
    else mix(component, ints, others, base, span, values)
  }
}

function take(
  { fields }: MixComponent,
  ints: Int32Array,
  base: number,
  values: Float64Array,
): void {
  for (let place = 0; place < fields.length; place++) {
    const field = fields[place]!
    if (field.mixing === Mixing.step) continue
    if (field.mixing === Mixing.quaternion)
      dequantiseQuaternion(field.type, ints, base + field.intAt, values, field.at)
    else values[field.at] = numberOf(field, ints, base)
  }
}

function mix(
  { fields }: MixComponent,
  ints: Int32Array,
  others: Int32Array,
  base: number,
  span: Span,
  values: Float64Array,
): void {
  const { part } = span
  for (let place = 0; place < fields.length; place++) {
    const field = fields[place]!
    const { mixing, type, intAt, at } = field
    if (mixing === Mixing.step) continue
    if (mixing === Mixing.quaternion) {
      dequantiseQuaternion(type, ints, base + intAt, rotationFrom, 0)
      dequantiseQuaternion(type, others, base + intAt, rotationTo, 0)
      mixRotations(rotationFrom, rotationTo, span, values, at)
      continue
    }
    const from = numberOf(field, ints, base)
    const end = numberOf(field, others, base)
    values[at] =
      mixing === Mixing.angle
        ? wrapAngle(from + wayOf(end - from) * part)
        : inside(field, mixNumber(from, end, part))
  }
}

/** NaN and infinities are not mixed. */
function mixNumber(from: number, to: number, part: number): number {
  const mixed = from + (to - from) * part
  return Number.isFinite(mixed) ? mixed : part < 1 ? from : to
}

function inside({ least, most }: MixField, value: number): number {
  return value < least ? least : value > most ? most : value
}

function isTeleport(
  { fields, teleportSquared }: MixComponent,
  ints: Int32Array,
  others: Int32Array,
  base: number,
): boolean {
  if (teleportSquared === Infinity) return false
  let squares = 0
  for (let place = 0; place < fields.length; place++) {
    const field = fields[place]!
    if (field.mixing !== Mixing.number) continue
    const way = numberOf(field, others, base) - numberOf(field, ints, base)
    squares += way * way
  }
  return squares > teleportSquared
}

function numberOf({ type, intAt }: MixField, ints: Int32Array, base: number): number {
  return type.ints === 2
    ? dequantiseDouble(ints, base + intAt)
    : dequantise(type, ints[base + intAt]!)
}

/** The shortest way of an angle. */
export function wayOf(way: number): number {
  return way > Math.PI ? way - turn : way < -Math.PI ? way + turn : way
}

/** An angle from 0 up to a turn. */
export function wrapAngle(angle: number): number {
  const rest = angle - Math.floor(angle / turn) * turn
  return rest >= turn || rest < 0 ? 0 : rest
}
