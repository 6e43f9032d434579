// Writes the texts that ds_map_read and ds_list_read take; writtenTypes.ts has their layout.

import { untilNul } from '../../../buffer/utf8.ts'
import { encodeText } from './generalUtf8.ts'
import { membersOfStruct } from './membersOfStruct.ts'
import { checkNesting, checkWidth } from './nesting.ts'
import { WrittenType, type WrittenVersions } from './writtenTypes.ts'

const digits = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0').toUpperCase(),
)
const scratch = /* @__PURE__ */ new DataView(new ArrayBuffer(8))

/** A text in the making, and the arrays and structs that are open. */
interface Writing {
  readonly where: string
  readonly parts: string[]
  readonly open: object[]
}

/**
 * The text of one kind of structure, as GameMaker writes it; `readWritten` reads it. An object that is not an array counts
 * as a struct. A function or a symbol becomes `undefined`.
 *
 * @param count how many entries there are
 * @param values of all entries, one after another
 * @throws RangeError for an array or struct that contains itself or is nested too deep, two names of a struct that are the
 * same up to a NUL, and a bigint above 64 bits
 */
export function writeWritten(
  where: string,
  { current }: WrittenVersions,
  count: number,
  values: readonly unknown[],
): string {
  const writing: Writing = { where, parts: [], open: [] }
  writeU32(writing, current)
  writeU32(writing, count)
  for (const value of values) writeValue(writing, value)
  return writing.parts.join('')
}

function writeValue(writing: Writing, value: unknown): void {
  switch (typeof value) {
    case 'number':
      writeU32(writing, WrittenType.real)
      writeF64(writing, value)
      break
    case 'string':
      writeU32(writing, WrittenType.string)
      writeText(writing, value)
      break
    case 'boolean':
      writeU32(writing, WrittenType.bool)
      writeF64(writing, Number(value))
      break
    case 'bigint':
      writeBigint(writing, value)
      break
    case 'object':
      writeObject(writing, value)
      break
    default:
      writeU32(writing, WrittenType.undefined)
  }
}

function writeObject(writing: Writing, value: object | null): void {
  if (value === null) writeU32(writing, WrittenType.null)
  else if (Array.isArray(value)) writeArray(writing, value)
  else writeStruct(writing, value)
}

function writeArray(writing: Writing, values: readonly unknown[]): void {
  const { where, open } = writing
  checkNesting(where, open, values)
  open.push(values)
  writeU32(writing, WrittenType.array)
  writeU32(writing, values.length)
  for (const value of values) writeValue(writing, value)
  open.pop()
}

function writeStruct(writing: Writing, struct: object): void {
  const { where, open } = writing
  checkNesting(where, open, struct)
  open.push(struct)
  const members = membersOfStruct(where, struct)
  writeU32(writing, WrittenType.struct)
  writeU32(writing, members.size)
  for (const [name, value] of members) {
    writeText(writing, name)
    writeValue(writing, value)
  }
  open.pop()
}

function writeBigint(writing: Writing, value: bigint): void {
  checkWidth(writing.where, value)
  const isSigned = BigInt.asIntN(64, value) === value
  writeU32(writing, isSigned ? WrittenType.int64 : WrittenType.u64)
  scratch.setBigUint64(0, BigInt.asUintN(64, value), true)
  writeScratch(writing, 8)
}

function writeU32(writing: Writing, value: number): void {
  scratch.setUint32(0, value, true)
  writeScratch(writing, 4)
}

function writeF64(writing: Writing, value: number): void {
  scratch.setFloat64(0, value, true)
  writeScratch(writing, 8)
}

function writeText(writing: Writing, text: string): void {
  // GameMaker's strings end at a NUL.
  const bytes = encodeText(untilNul(text))
  writeU32(writing, bytes.length)
  writeBytes(writing, bytes)
}

function writeScratch(writing: Writing, size: number): void {
  writeBytes(writing, new Uint8Array(scratch.buffer, 0, size))
}

function writeBytes({ parts }: Writing, bytes: Uint8Array): void {
  for (const byte of bytes) parts.push(digits[byte] ?? '')
}
