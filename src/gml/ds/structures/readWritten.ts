// Reads the texts that ds_map_write and ds_list_write make; writtenTypes.ts has their layout. They may come from anybody.

import { untilNul } from '../../../buffer/utf8.ts'
import { decodeText } from './generalUtf8.ts'
import { nestingMax } from './nesting.ts'
import { WrittenType, type WrittenVersions } from './writtenTypes.ts'

/** The bytes of a written text and how far they have been read. */
interface Reading {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
  /** Arrays are written row by row. */
  hasRows: boolean
}

/** Where a text is not a written structure. Caught here; nothing outside sees it. */
class Malformed extends Error {}

/**
 * Reads what `writeWritten` or GameMaker wrote for one kind of structure. Returns `undefined` for any other text. Whatever
 * counts the text has, it takes no more memory than its length calls for: each value has bytes, and reading ends with them.
 *
 * @param make makes the structure; it is told how many entries there are, and calls `next` for one value after another
 */
export function readWritten<Structure>(
  text: string,
  versions: WrittenVersions,
  make: (count: number, next: () => unknown) => Structure,
): Structure | undefined {
  const bytes = bytesOfHex(text)
  if (bytes === undefined) return undefined
  const reading = { bytes, view: new DataView(bytes.buffer), at: 0, hasRows: false }
  try {
    const version = readU32(reading)
    if (version !== versions.rows && version !== versions.current) return undefined
    reading.hasRows = version === versions.rows
    const structure = make(readU32(reading), () => readValue(reading, 0))
    return reading.at === bytes.length ? structure : undefined
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

/** Reads a value inside of `depth` arrays and structs. */
function readValue(reading: Reading, depth: number): unknown {
  const type = readU32(reading)
  switch (type) {
    case WrittenType.real:
      return readF64(reading)
    case WrittenType.string:
      return readText(reading)
    case WrittenType.array:
      return reading.hasRows ? readRows(reading, depth + 1) : readArray(reading, depth + 1)
    case WrittenType.undefined:
      return undefined
    case WrittenType.null:
      return null
    case WrittenType.int32:
      return reading.view.getInt32(take(reading, 4), true)
    case WrittenType.int64:
    case WrittenType.pointer:
      return reading.view.getBigInt64(take(reading, 8), true)
    case WrittenType.bool:
      return readF64(reading) !== 0
    case WrittenType.u64:
      return reading.view.getBigUint64(take(reading, 8), true)
    case WrittenType.struct:
      return readStruct(reading, depth + 1)
    default:
      throw new Malformed()
  }
}

function readArray(reading: Reading, depth: number): unknown[] {
  checkDepth(depth)
  const values: unknown[] = []
  const count = readU32(reading)
  for (let i = 0; i < count; i++) values.push(readValue(reading, depth))
  return values
}

/** One row is an array, several are an array of arrays. */
function readRows(reading: Reading, depth: number): unknown[] {
  const rows: unknown[][] = []
  const count = readU32(reading)
  if (count === 1) return readArray(reading, depth)
  for (let i = 0; i < count; i++) rows.push(readArray(reading, depth + 1))
  return rows
}

function readStruct(reading: Reading, depth: number): object {
  checkDepth(depth)
  const members: [string, unknown][] = []
  const count = readU32(reading)
  for (let i = 0; i < count; i++) {
    // As it is written again: other members can come before it then, since JavaScript has "6" before other names.
    const name = untilNul(readText(reading))
    members.push([name, readValue(reading, depth)])
  }
  // Defines each name, "__proto__" too.
  return Object.fromEntries(members)
}

function checkDepth(depth: number): void {
  if (depth > nestingMax) throw new Malformed()
}

function readText(reading: Reading): string {
  const size = readU32(reading)
  const from = take(reading, size)
  return decodeText(reading.bytes.subarray(from, from + size))
}

function readU32(reading: Reading): number {
  return reading.view.getUint32(take(reading, 4), true)
}

function readF64(reading: Reading): number {
  return reading.view.getFloat64(take(reading, 8), true)
}

/** Goes over bytes that are to be read, and gives where they begin. */
function take(reading: Reading, size: number): number {
  const from = reading.at
  if (size > reading.bytes.length - from) throw new Malformed()
  reading.at = from + size
  return from
}

function bytesOfHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    const byte = nibble(text.charCodeAt(2 * i)) * 16 + nibble(text.charCodeAt(2 * i + 1))
    if (Number.isNaN(byte)) return undefined
    bytes[i] = byte
  }
  return bytes
}

/** The value of a hex digit's code, or NaN. */
function nibble(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const upper = code & ~0x20
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : Number.NaN
}
