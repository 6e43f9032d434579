// Numbers from 0 to 2³² − 1, the small ones short: 0 and 4 bits up to 15, 10 and 8 bits up to 271, 110 and 16 bits up to
// 65,807, 111 and 32 bits. Each number has one form. The marks are written from the left.

import { type BitReader, readBits } from './BitReader.ts'
import { type BitWriter, writeBits } from './BitWriter.ts'

const small = 16
const middle = small + 256
const large = middle + 65_536

export function writeVu(writer: BitWriter, value: number): void {
  if (value < small) writeBits(writer, value << 1, 5)
  else if (value < middle) writeBits(writer, ((value - small) << 2) | 0b01, 10)
  else if (value < large) writeBits(writer, ((value - middle) << 3) | 0b011, 19)
  else {
    writeBits(writer, 0b111, 3)
    writeBits(writer, value, 32)
  }
}

/** Reads a number. The reader fails at one that has a shorter form. */
export function readVu(reader: BitReader): number {
  if (readBits(reader, 1) === 0) return readBits(reader, 4)
  if (readBits(reader, 1) === 0) return small + readBits(reader, 8)
  if (readBits(reader, 1) === 0) return middle + readBits(reader, 16)
  const value = readBits(reader, 32)
  if (value < large) reader.failed = true
  return value
}

/** The bits that a number takes. */
export function vuBits(value: number): number {
  return value < small ? 5 : value < middle ? 10 : value < large ? 19 : 35
}
