// Differences, the small ones short. z is a number from 0: 0 and 4 bits below 16, 10 and 7 bits below 144, 110 and 10 bits below
// 1,168, 111 and the whole value in its own width.

import { type BitReader, readBits } from './BitReader.ts'
import { type BitWriter, writeBits } from './BitWriter.ts'

const small = 16
const middle = small + 128
/** From here on the whole value is written. */
export const classLimit: number = middle + 1_024

/** What `readClass` returns when the whole value follows. */
export const wholeFollows = -1

/** Writes z, or above the limit the whole value. */
export function writeClass(writer: BitWriter, z: number, whole: number, wholeBits: number): void {
  if (z < small) writeBits(writer, z << 1, 5)
  else if (z < middle) writeBits(writer, ((z - small) << 2) | 0b01, 9)
  else if (z < classLimit) writeBits(writer, ((z - middle) << 3) | 0b011, 13)
  else {
    writeBits(writer, 0b111, 3)
    writeBits(writer, whole, wholeBits)
  }
}

/** Reads z, or `wholeFollows`. */
export function readClass(reader: BitReader): number {
  if (readBits(reader, 1) === 0) return readBits(reader, 4)
  if (readBits(reader, 1) === 0) return small + readBits(reader, 7)
  if (readBits(reader, 1) === 0) return middle + readBits(reader, 10)
  return wholeFollows
}

/** Numbers from 0 for those of both signs: 0, −1, 1, −2, … */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0
}

export function unzigzag(z: number): number {
  return (z >>> 1) ^ -(z & 1)
}
