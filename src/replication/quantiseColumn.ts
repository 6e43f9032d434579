import { type FieldType } from './FieldType.ts'
import { isHeld, quantise, quantiseDouble } from './quantise.ts'

/**
 * Quantises one field of many entities into a row of `History`: of entity `entities[n]` in the user's store to integer
 * `at` of slot `slots[n]`. For numbers: not for quaternions, text, `ref` and relations.
 *
 * @param at `SchemaField.intAt`
 * @param width `Schema.intWidth`
 * @returns how many were NaN or infinite where the type has no such values
 */
export function quantiseColumn(
  type: FieldType,
  store: ArrayLike<number>,
  entities: ArrayLike<number>,
  slots: ArrayLike<number>,
  count: number,
  ints: Int32Array,
  at: number,
  width: number,
): number {
  let lost = 0
  if (type.kind === 'range') {
    const { min, step, high } = type
    for (let n = 0; n < count; n++) {
      const value = store[entities[n]!]!
      const steps = Math.floor((value - min) / step + 0.5)
      if (!Number.isFinite(value)) lost++
      // NaN fails the first comparison.
      ints[slots[n]! * width + at] =
        steps > 0 && value !== Infinity ? (steps < high ? steps : high) : 0
    }
    return lost
  }
  if (type.kind === 'f64') {
    for (let n = 0; n < count; n++)
      quantiseDouble(store[entities[n]!]!, ints, slots[n]! * width + at)
    return 0
  }
  for (let n = 0; n < count; n++) {
    const value = store[entities[n]!]!
    if (!isHeld(type, value)) lost++
    ints[slots[n]! * width + at] = quantise(type, value)
  }
  return lost
}
