// The types of fields, as users write them.

import { checkInteger, show, wrongType } from '../errors/argumentErrors.ts'
import { Coding } from './Coding.ts'
import { type FieldKind, type FieldType } from './FieldType.ts'
import { quoteName } from './quoteName.ts'

/** Names of `oneOf`, at most. */
const namesMax = 65_536
/** Bytes of a text, at most. */
const textBytesMax = 4_096
/** Steps of a range, at most. */
const stepsMax = 2 ** 31 - 1

const codings: Readonly<Record<FieldKind, number>> = {
  bool: Coding.flip,
  u8: Coding.plain,
  i8: Coding.plain,
  u16: Coding.class,
  i16: Coding.class,
  u32: Coding.class,
  i32: Coding.class,
  bits: Coding.plain,
  oneOf: Coding.plain,
  f32: Coding.plain,
  f64: Coding.double,
  range: Coding.class,
  angle: Coding.angle,
  quaternion: Coding.quaternion,
  ref: Coding.ref,
  text: Coding.text,
  relation: Coding.relation,
}

function fieldType(kind: FieldKind, bits: number, more: Partial<FieldType> = {}): FieldType {
  return {
    kind,
    coding: codings[kind],
    text: more.text ?? kind,
    ints: more.ints ?? 1,
    texts: more.texts ?? 0,
    bits,
    low: more.low ?? 0,
    high: more.high ?? 0,
    min: more.min ?? 0,
    max: more.max ?? 0,
    step: more.step ?? 0,
    bytesMax: more.bytesMax ?? 0,
    names: more.names ?? [],
  }
}

/** `true` or `false`: 1 bit. */
export const bool: FieldType = /* @__PURE__ */ fieldType('bool', 1, { high: 1 })
/** Integers 0 to 255. */
export const u8: FieldType = /* @__PURE__ */ fieldType('u8', 8, { high: 0xff })
/** Integers −128 to 127. */
export const i8: FieldType = /* @__PURE__ */ fieldType('i8', 8, { low: -0x80, high: 0x7f })
/** Integers 0 to 65,535. */
export const u16: FieldType = /* @__PURE__ */ fieldType('u16', 16, { high: 0xffff })
/** Integers −32,768 to 32,767. */
export const i16: FieldType = /* @__PURE__ */ fieldType('i16', 16, { low: -0x8000, high: 0x7fff })
/** Integers 0 to 2³² − 1. */
export const u32: FieldType = /* @__PURE__ */ fieldType('u32', 32, {
  low: -0x80000000,
  high: 0x7fffffff,
})
/** Integers −2³¹ to 2³¹ − 1. */
export const i32: FieldType = /* @__PURE__ */ fieldType('i32', 32, {
  low: -0x80000000,
  high: 0x7fffffff,
})
/** Numbers of 32 bits, as they are. */
export const f32: FieldType = /* @__PURE__ */ fieldType('f32', 32)
/** Numbers of 64 bits, as they are. */
export const f64: FieldType = /* @__PURE__ */ fieldType('f64', 64, { ints: 2 })
/** An entity: on the client the replica of that entity, 0 while there is none. */
export const ref: FieldType = /* @__PURE__ */ fieldType('ref', 32)
/** The targets of a relation, at most 8. A component that is a relation has this as its type. */
export const relation: FieldType = /* @__PURE__ */ fieldType('relation', 0, { ints: 0, texts: 1 })

/**
 * Integers from 0 to 2ⁿ − 1.
 *
 * @param count n: 1 to 32
 * @throws TypeError or RangeError for another count
 */
export function bits(count: number): FieldType {
  checkInteger('bits', 'count', count, 1, 32)
  const isFull = count === 32
  return fieldType('bits', count, {
    text: `bits(${count})`,
    low: isFull ? -0x80000000 : 0,
    high: isFull ? 0x7fffffff : 2 ** count - 1,
  })
}

/**
 * One of these names, or its number in the list.
 *
 * @throws TypeError unless the names are at least two different texts; RangeError for more than 65,536
 */
export function oneOf(...names: readonly string[]): FieldType {
  for (const name of names)
    if (typeof name !== 'string') throw wrongType('oneOf', 'a name', 'a text', name)
  if (new Set(names).size !== names.length || names.length < 2)
    throw new TypeError(
      `oneOf: names must be at least two and different, got ${names.map(show).join(', ')}`,
    )
  checkInteger('oneOf', 'the number of names', names.length, 2, namesMax)
  return fieldType('oneOf', bitsFor(names.length - 1), {
    text: `oneOf(${names.map(quoteName).join(',')})`,
    high: names.length - 1,
    names,
  })
}

/**
 * Numbers from `min` to `max`, rounded to steps. Others are brought inside; NaN and infinities become `min`.
 *
 * @throws TypeError unless all three are finite numbers; RangeError unless `min` < `max`, `step` > 0, and there are
 * at most 2³¹ − 1 steps
 */
export function range(min: number, max: number, step: number): FieldType {
  for (const [name, value] of Object.entries({ min, max, step }))
    if (!Number.isFinite(value)) throw wrongType('range', name, 'a finite number', value)
  if (max <= min) throw new RangeError(`range: max must be above min ${min}, got ${max}`)
  if (step <= 0) throw new RangeError(`range: step must be above 0, got ${step}`)
  const high = Math.floor((max - min) / step + 0.5)
  if (high < 1 || high > stepsMax)
    throw new RangeError(
      `range: there must be 1 to ${stepsMax} steps from ${min} to ${max}, got steps of ${step}`,
    )
  return fieldType('range', bitsFor(high), {
    text: `range(${min},${max},${step})`,
    high,
    min,
    max,
    step,
  })
}

/**
 * An angle in radians, as one of 2ⁿ around the circle. It comes back as 0 up to 2π.
 *
 * @param count n: 2 to 24
 * @throws TypeError or RangeError for another count
 */
export function angle(count: number): FieldType {
  checkInteger('angle', 'count', count, 2, 24)
  return fieldType('angle', count, { text: `angle(${count})`, high: 2 ** count - 1 })
}

/**
 * A rotation `{ x, y, z, w }`: the three smallest components, each in n bits. The rotation without one, 0 0 0 1, is exact.
 *
 * @param count n: 4 to 20
 * @throws TypeError or RangeError for another count
 */
export function quaternion(count: number): FieldType {
  checkInteger('quaternion', 'count', count, 4, 20)
  return fieldType('quaternion', count, {
    text: `quaternion(${count})`,
    ints: 4,
    high: 2 ** count - 2,
  })
}

/**
 * A text of at most `bytesMax` bytes in UTF-8. A longer one is cut between characters.
 *
 * @param bytesMax 1 to 4,096
 * @throws TypeError or RangeError for another size
 */
export function text(bytesMax: number): FieldType {
  checkInteger('text', 'bytesMax', bytesMax, 1, textBytesMax)
  return fieldType('text', bitsFor(bytesMax), {
    text: `text(${bytesMax})`,
    ints: 0,
    texts: 1,
    bytesMax,
  })
}

/** The bits that hold every integer up to `high`. */
function bitsFor(high: number): number {
  return 32 - Math.clz32(high)
}
