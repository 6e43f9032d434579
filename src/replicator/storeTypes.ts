// What a store holds, when it says so itself: a typed array, or an array tagged by `bitecs/serialization`.

import { type FieldType } from '../replication/FieldType.ts'
import { f32, f64, i16, i32, i8, ref, u16, u32, u8 } from '../replication/fieldTypes.ts'

/** Any array of values by entity. */
export type ValueArray = unknown[]

const types: Readonly<Record<string, FieldType>> = { u8, i8, u16, i16, u32, i32, f32, f64, ref }

const typedArrays: Readonly<Record<string, FieldType>> = {
  Uint8Array: u8,
  Uint8ClampedArray: u8,
  Int8Array: i8,
  Uint16Array: u16,
  Int16Array: i16,
  Uint32Array: u32,
  Int32Array: i32,
  Float32Array: f32,
  Float64Array: f64,
}

export function isValueArray(value: unknown): value is ValueArray {
  return Array.isArray(value) || typedArrayName(value) in typedArrays
}

/** The type that an array shows, if any: its class, or the tag that `f32([])` and the like of `bitecs/serialization` leave on it. */
export function typeOfArray(values: ValueArray): FieldType | undefined {
  const tagged = Object.entries(types).find(([name]) => hasTag(values, name))
  return tagged?.[1] ?? typedArrays[typedArrayName(values)]
}

/** Whether `bitecs/serialization` takes the array for one of texts. */
export function holdsTexts(values: ValueArray): boolean {
  return hasTag(values, 'str')
}

function hasTag(values: ValueArray, name: string): boolean {
  return Symbol.for(`bitecs-${name}`) in values
}

function typedArrayName(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}
