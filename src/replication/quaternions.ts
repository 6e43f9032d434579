// Rotations by their three smallest components: integer 0 names the largest (0 to 3), 1 to 3 are the others in the order x y z w,
// from 0 (−√½) to 2ⁿ − 2 (√½). A rotation and its negative are the same, so the largest counts as positive.

import { type FieldType } from './FieldType.ts'

const extent = Math.SQRT1_2

/**
 * Keeps a rotation as four integers. It need not have length 1; one that is all 0, or not finite, becomes 0 0 0 1.
 *
 * @returns whether it was a rotation
 */
export function quantiseQuaternion(
  type: FieldType,
  x: number,
  y: number,
  z: number,
  w: number,
  out: Int32Array,
  at: number,
): boolean {
  const ofXY = Math.abs(x) > Math.abs(y) ? 0 : 1
  const ofZW = Math.abs(z) > Math.abs(w) ? 2 : 3
  const isXY = Math.abs(ofXY === 0 ? x : y) > Math.abs(ofZW === 2 ? z : w)
  const largest = isXY ? ofXY : ofZW
  const length = Math.sqrt(x * x + y * y + z * z + w * w)
  const isRotation = length > 0 && Number.isFinite(length)
  if (!isRotation) {
    const middle = type.high / 2
    out[at] = 3
    out[at + 1] = middle
    out[at + 2] = middle
    out[at + 3] = middle
    return false
  }
  const big = largest === 0 ? x : largest === 1 ? y : largest === 2 ? z : w
  const scale = big < 0 ? -1 / length : 1 / length
  out[at] = largest
  out[at + 1] = steps(type, (largest === 0 ? y : x) * scale)
  out[at + 2] = steps(type, (largest < 2 ? z : y) * scale)
  out[at + 3] = steps(type, (largest === 3 ? z : w) * scale)
  return true
}

/** The rotation of four integers: x y z w into `out` from `to` on. */
export function dequantiseQuaternion(
  type: FieldType,
  ints: Int32Array,
  at: number,
  out: Float64Array | number[],
  to: number,
): void {
  const largest = ints[at]!
  const a = part(type, ints[at + 1]!)
  const b = part(type, ints[at + 2]!)
  const c = part(type, ints[at + 3]!)
  const rest = 1 - a * a - b * b - c * c
  const big = rest > 0 ? Math.sqrt(rest) : 0
  out[to] = largest === 0 ? big : a
  out[to + 1] = largest === 1 ? big : largest === 0 ? a : b
  out[to + 2] = largest === 2 ? big : largest === 3 ? c : b
  out[to + 3] = largest === 3 ? big : c
}

function steps({ high }: FieldType, value: number): number {
  const rounded = Math.floor(((value / extent + 1) / 2) * high + 0.5)
  return rounded < 0 ? 0 : rounded > high ? high : rounded
}

function part({ high }: FieldType, int: number): number {
  return ((int / high) * 2 - 1) * extent
}
