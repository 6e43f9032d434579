import { BufferType } from '../constants/BufferType.ts'
import { decodeHalf, encodeHalf } from './half.ts'

// The encodings of the data types with a fixed size, all little-endian. `at` counts from the start of the
// view, and the caller has checked that the value lies inside.

const twoTo32 = 2 ** 32
const twoTo63 = 2 ** 63

/** Reads a value. For a number that is not a data type it gives `undefined`. */
export function loadNumber(
  view: DataView,
  at: number,
  type: BufferType,
): number | bigint | boolean | undefined {
  switch (type) {
    case BufferType.u8:
      return view.getUint8(at)
    case BufferType.s8:
      return view.getInt8(at)
    case BufferType.u16:
      return view.getUint16(at, true)
    case BufferType.s16:
      return view.getInt16(at, true)
    case BufferType.u32:
      return view.getUint32(at, true)
    case BufferType.s32:
      return view.getInt32(at, true)
    case BufferType.f16:
      return decodeHalf(view.getUint16(at, true))
    case BufferType.f32:
      return view.getFloat32(at, true)
    case BufferType.f64:
      return view.getFloat64(at, true)
    case BufferType.bool:
      return view.getUint8(at) === 1
    case BufferType.u64:
      return view.getBigUint64(at, true)
    default:
      return undefined
  }
}

/** Stores a value. A bigint goes out as `u64`; `numberFrom` lets it through for no other type. */
export function storeNumber(
  view: DataView,
  at: number,
  type: BufferType,
  value: number | bigint,
): void {
  if (typeof value === 'bigint') {
    view.setBigUint64(at, value, true)
    return
  }
  switch (type) {
    case BufferType.u8:
    case BufferType.s8:
      view.setUint8(at, value)
      break
    case BufferType.u16:
    case BufferType.s16:
      view.setUint16(at, value, true)
      break
    case BufferType.u32:
    case BufferType.s32:
      view.setUint32(at, value, true)
      break
    case BufferType.f16:
      view.setUint16(at, encodeHalf(value), true)
      break
    case BufferType.f32:
      view.setFloat32(at, value, true)
      break
    case BufferType.f64:
      view.setFloat64(at, value, true)
      break
    case BufferType.bool:
      view.setUint8(at, value > 0.5 ? 1 : 0)
      break
    case BufferType.u64:
      storeInt64(view, at, value)
      break
    default:
  }
}

/** GameMaker makes a signed 64-bit integer of the number first, and that conversion saturates. */
function storeInt64(view: DataView, at: number, value: number): void {
  let low = 0
  let high = 0
  if (value >= twoTo63) {
    low = 0xffffffff
    high = 0x7fffffff
  } else if (value <= -twoTo63) high = 0x80000000
  else {
    // Dividing by a power of two is exact, so no bit is lost between the words.
    low = Math.trunc(value)
    high = Math.floor(low / twoTo32)
  }
  view.setUint32(at, low, true)
  view.setUint32(at + 4, high, true)
}

/**
 * What `storeNumber` takes for a caller's value, or `undefined` when the type does not take it. true
 * and false count as 1 and 0. A bigint keeps its low bits in an integer type.
 */
export function numberFrom(type: BufferType, value: unknown): number | bigint | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'bigint') return undefined
  switch (type) {
    case BufferType.u64:
      return value
    case BufferType.f16:
    case BufferType.f32:
    case BufferType.f64:
    case BufferType.bool:
      return Number(value)
    default:
      return Number(BigInt.asIntN(32, value))
  }
}
