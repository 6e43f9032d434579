// IEEE 754 half precision: 1 sign bit, 5 exponent bits (bias 15), 10 mantissa bits.

const scratch = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))

/**
 * The 16 bits of a number as a half. The mantissa is cut and not rounded, as GameMaker's HTML5 runner
 * does; 65536 and more give infinity, and the sign of infinity is kept.
 */
export function encodeHalf(value: number): number {
  // A double's first word holds all that a half can keep: sign, exponent and the upper mantissa.
  scratch.setFloat64(0, value)
  const word = scratch.getUint32(0)
  const sign = (word >>> 16) & 0x8000
  const exponent = ((word >>> 20) & 0x7ff) - 1023
  const mantissa = (word >>> 10) & 0x3ff
  if (exponent >= 16) return Number.isNaN(value) ? 0x7e00 : sign | 0x7c00
  if (exponent >= -14) return sign | ((exponent + 15) << 10) | mantissa
  // Below 2^-14 the leading 1 becomes visible and moves right; below 2^-24 nothing is left.
  if (exponent >= -24) return sign | ((0x400 | mantissa) >> (-14 - exponent))
  return sign
}

/** The number that the 16 bits of a half stand for. */
export function decodeHalf(bits: number): number {
  const exponent = (bits >>> 10) & 0x1f
  const mantissa = bits & 0x3ff
  if (exponent !== 0 && exponent !== 0x1f) {
    // The same number as a float: sign in front, exponent with bias 127, mantissa with 13 more bits.
    scratch.setUint32(0, ((bits & 0x8000) << 16) | ((exponent + 112) << 23) | (mantissa << 13))
    return scratch.getFloat32(0)
  }
  const sign = (bits & 0x8000) === 0 ? 1 : -1
  if (exponent === 0) return sign * mantissa * 2 ** -24
  return mantissa === 0 ? sign * Infinity : Number.NaN
}
