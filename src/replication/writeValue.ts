// The values of fields as bits (docs/replication-protocol.md). `at` is where the field's integers stand, `textAt` its text.

import { type BitWriter, writeBits } from '../bits/BitWriter.ts'
import { writeClass, zigzag } from '../bits/classCode.ts'
import { writeVu } from '../bits/vu.ts'
import { storeUtf8, utf8Size } from '../buffer/utf8.ts'
import { Coding } from './Coding.ts'
import { type FieldType } from './FieldType.ts'
import { targetAt, targetCount } from './relationText.ts'
import { writeNetId } from './wireNetId.ts'

/** Writes a value that nothing is known of. */
export function writeWhole(
  writer: BitWriter,
  type: FieldType,
  ints: Int32Array,
  at: number,
  texts: readonly string[],
  textAt: number,
): void {
  switch (type.coding) {
    case Coding.double:
      writeBits(writer, ints[at]!, 32)
      writeBits(writer, ints[at + 1]!, 32)
      break
    case Coding.quaternion:
      writeBits(writer, ints[at]!, 2)
      for (let part = 1; part < 4; part++) writeBits(writer, ints[at + part]!, type.bits)
      break
    case Coding.ref:
      writeNetId(writer, ints[at]! >>> 0)
      break
    case Coding.text:
      writeText(writer, type, texts[textAt]!)
      break
    case Coding.relation:
      writeTargets(writer, texts[textAt]!)
      break
    default:
      writeBits(writer, ints[at]!, type.bits)
  }
}

/** Writes a value that differs from the one at `baseAt` of `base`. */
export function writeDifference(
  writer: BitWriter,
  type: FieldType,
  ints: Int32Array,
  at: number,
  base: Int32Array,
  baseAt: number,
  texts: readonly string[],
  textAt: number,
): void {
  switch (type.coding) {
    case Coding.flip:
      break
    case Coding.class: {
      const value = ints[at]!
      writeClass(writer, zigzag((value - base[baseAt]!) | 0) - 1, value, type.bits)
      break
    }
    case Coding.angle: {
      const value = ints[at]!
      const way = shortestWay(type, value - base[baseAt]!)
      writeClass(writer, zigzag(way) - 1, value, type.bits)
      break
    }
    case Coding.quaternion: {
      const isSame = ints[at] === base[baseAt]
      writeBits(writer, isSame ? 1 : 0, 1)
      if (!isSame) writeWhole(writer, type, ints, at, texts, textAt)
      else
        for (let part = 1; part < 4; part++) {
          const value = ints[at + part]!
          writeClass(writer, zigzag(value - base[baseAt + part]!), value, type.bits)
        }
      break
    }
    default:
      writeWhole(writer, type, ints, at, texts, textAt)
  }
}

/** A difference of two angles, from −2ⁿ⁻¹ to 2ⁿ⁻¹ − 1. */
export function shortestWay({ high, bits }: FieldType, difference: number): number {
  const half = 1 << (bits - 1)
  return ((difference + half) & high) - half
}

const bytes = /* @__PURE__ */ new Uint8Array(4_096)

function writeText(writer: BitWriter, type: FieldType, text: string): void {
  const size = utf8Size(text)
  writeBits(writer, size, type.bits)
  storeUtf8(bytes, 0, text, size)
  for (let at = 0; at < size; at++) writeBits(writer, bytes[at]!, 8)
}

function writeTargets(writer: BitWriter, text: string): void {
  const count = targetCount(text)
  writeVu(writer, count)
  for (let at = 0; at < count; at++) writeNetId(writer, targetAt(text, at))
}
