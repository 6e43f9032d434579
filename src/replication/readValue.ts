// Reading what writeValue.ts writes. The reader fails at what no writer writes.

import { type BitReader, readBits } from '../bits/BitReader.ts'
import { classLimit, readClass, unzigzag, wholeFollows, zigzag } from '../bits/classCode.ts'
import { readVu } from '../bits/vu.ts'
import { encodeUtf8, loadUtf8 } from '../buffer/utf8.ts'
import { Coding } from './Coding.ts'
import { type FieldType } from './FieldType.ts'
import { targetsMax } from './relationText.ts'
import { readNetId } from './wireNetId.ts'
import { shortestWay } from './writeValue.ts'

/** Reads a value that nothing is known of. */
export function readWhole(
  reader: BitReader,
  type: FieldType,
  out: Int32Array,
  at: number,
  texts: string[],
  textAt: number,
): void {
  switch (type.coding) {
    case Coding.double:
      out[at] = readBits(reader, 32)
      out[at + 1] = readBits(reader, 32)
      break
    case Coding.quaternion:
      out[at] = readBits(reader, 2)
      for (let part = 1; part < 4; part++) out[at + part] = readInside(reader, type)
      break
    case Coding.ref:
      out[at] = readNetId(reader)
      break
    case Coding.text:
      texts[textAt] = readText(reader, type)
      break
    case Coding.relation:
      texts[textAt] = readTargets(reader)
      break
    default:
      out[at] = readInside(reader, type)
  }
}

/** Reads a value that is a difference to the one at `baseAt` of `base`. */
export function readDifference(
  reader: BitReader,
  type: FieldType,
  out: Int32Array,
  at: number,
  base: Int32Array,
  baseAt: number,
  texts: string[],
  textAt: number,
): void {
  switch (type.coding) {
    case Coding.flip:
      out[at] = base[baseAt]! ^ 1
      break
    case Coding.class:
      out[at] = readClassValue(reader, type, base[baseAt]!, 1)
      break
    case Coding.angle:
      out[at] = readAngle(reader, type, base[baseAt]!)
      break
    case Coding.quaternion:
      if (readBits(reader, 1) === 1) {
        out[at] = base[baseAt]!
        for (let part = 1; part < 4; part++)
          out[at + part] = readClassValue(reader, type, base[baseAt + part]!, 0)
      } else {
        readWhole(reader, type, out, at, texts, textAt)
        if (out[at] === base[baseAt]) reader.failed = true
      }
      break
    default:
      readWhole(reader, type, out, at, texts, textAt)
  }
}

/** Reads a class code. `least` is 0 where the difference may be 0, else 1. */
function readClassValue(reader: BitReader, type: FieldType, base: number, least: number): number {
  const z = readClass(reader)
  if (z === wholeFollows) {
    const value = readInside(reader, type)
    if (zigzag((value - base) | 0) < classLimit + least) reader.failed = true
    return value
  }
  const value = base + unzigzag(z + least)
  if (type.bits === 32) return value | 0
  if (value < type.low || value > type.high) reader.failed = true
  return value
}

function readAngle(reader: BitReader, type: FieldType, base: number): number {
  const z = readClass(reader)
  if (z === wholeFollows) {
    const value = readInside(reader, type)
    if (zigzag(shortestWay(type, value - base)) <= classLimit) reader.failed = true
    return value
  }
  const way = unzigzag(z + 1)
  if (way !== shortestWay(type, way)) reader.failed = true
  return (base + way) & type.high
}

/** An integer in the bits of its type, with its sign; the reader fails outside of the type's limits. */
function readInside(reader: BitReader, { bits, low, high, kind }: FieldType): number {
  const read = readBits(reader, bits) | 0
  if (kind === 'f32') return read
  const value = low < 0 && bits < 32 ? (read << (32 - bits)) >> (32 - bits) : read
  if (value < low || value > high) reader.failed = true
  return value
}

const bytes = /* @__PURE__ */ new Uint8Array(4_096)

function readText(reader: BitReader, { bits, bytesMax }: FieldType): string {
  const size = readBits(reader, bits)
  if (size > bytesMax) reader.failed = true
  if (reader.failed) return ''
  for (let at = 0; at < size; at++) bytes[at] = readBits(reader, 8)
  if (reader.failed) return ''
  const text = loadUtf8(bytes, 0, size)
  // U+FFFD, which stands for malformed bytes, may be as long as they are.
  const again = encodeUtf8(text, 0)
  if (again.length !== size || again.some((byte, at) => byte !== bytes[at])) reader.failed = true
  return text
}

function readTargets(reader: BitReader): string {
  const count = readVu(reader)
  if (count > targetsMax) reader.failed = true
  let text = ''
  let last = 0
  for (let at = 0; at < count && !reader.failed; at++) {
    const netId = readNetId(reader)
    if (netId <= last) reader.failed = true
    text += String.fromCharCode(netId & 0xffff, netId >>> 16)
    last = netId
  }
  return text
}
