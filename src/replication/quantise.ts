// Values of users as integers, and back. Where both ends must agree only + - * /, floor and comparisons are used.

import { type FieldType } from './FieldType.ts'

const doubles = /* @__PURE__ */ new Float64Array(1)
const words = /* @__PURE__ */ new Int32Array(doubles.buffer)
const singles = /* @__PURE__ */ new Float32Array(doubles.buffer)

const turn = 2 * Math.PI
const nan32 = 0x7fc00000
const nan64 = 0x7ff80000

/**
 * The integer that a value is kept as: of a range `floor((value - min) / step + 0.5)`, of integers `floor(value + 0.5)`,
 * both brought inside. Where only finite numbers are possible others become 0, which is a range's `min`. For types that
 * take one integer, but not for `ref`, which is a net id.
 */
export function quantise(type: FieldType, value: number): number {
  switch (type.kind) {
    case 'bool':
      return value ? 1 : 0
    case 'range':
      return roundInside(type, (value - type.min) / type.step)
    case 'angle': {
      const part = value / turn
      const rest = part - Math.floor(part)
      return Math.floor(rest * (type.high + 1) + 0.5) & type.high
    }
    case 'f32':
      singles[0] = value
      return Number.isNaN(value) ? nan32 : words[0]!
    case 'u32':
      return roundUnsigned(value)
    default:
      return type.bits === 32 && type.kind === 'bits'
        ? roundUnsigned(value)
        : roundInside(type, value)
  }
}

/** The value of an integer that `quantise` has made. */
export function dequantise(type: FieldType, int: number): number {
  switch (type.kind) {
    case 'range': {
      const value = type.min + int * type.step
      return value < type.max ? value : type.max
    }
    case 'angle':
      return (int / (type.high + 1)) * turn
    case 'f32':
      words[0] = int
      return singles[0]!
    case 'u32':
    case 'ref':
      return int >>> 0
    default:
      return type.bits === 32 && type.kind === 'bits' ? int >>> 0 : int
  }
}

/** Keeps an `f64` as two integers. */
export function quantiseDouble(value: number, out: Int32Array, at: number): void {
  doubles[0] = value
  const isNan = Number.isNaN(value)
  out[at] = isNan ? 0 : words[0]!
  out[at + 1] = isNan ? nan64 : words[1]!
}

export function dequantiseDouble(ints: Int32Array, at: number): number {
  words[0] = ints[at]!
  words[1] = ints[at + 1]!
  return doubles[0]!
}

/** Whether a type can hold a value: all but NaN and infinities, which only `f32` and `f64` hold. */
export function isHeld(type: FieldType, value: number): boolean {
  return (
    Number.isFinite(value) || type.kind === 'f32' || type.kind === 'f64' || type.kind === 'bool'
  )
}

function roundInside({ low, high }: FieldType, value: number): number {
  if (!Number.isFinite(value)) return 0
  const rounded = Math.floor(value + 0.5)
  return rounded < low ? low : rounded > high ? high : rounded
}

/** 32 bits without a sign, as they are kept with one. */
function roundUnsigned(value: number): number {
  if (!Number.isFinite(value) || value <= 0) return 0
  return value >= 0xffffffff ? -1 : Math.floor(value + 0.5) | 0
}
