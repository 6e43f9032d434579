import { crc32 } from '../buffer/crc32.ts'
import {
  type EntryName,
  entryFields,
  entryNames,
  type FieldKind,
  type NewEntry,
} from './entries.ts'
import { blockHeadBytes, nestedBit } from './recordingFormat.ts'

/** Bytes that a varint takes at most. */
const varintBytesMax = 8
const firstBytes = 64 * 1024
/** Texts that keep their number. Those beyond are written each time. */
const textsMax = 65_536

/** How entries of a name are written. */
interface EntryForm {
  readonly code: number
  readonly fields: readonly string[]
  readonly kinds: readonly FieldKind[]
}

const forms = /* @__PURE__ */ new Map<EntryName, EntryForm>(
  entryNames.map((name, code) => [
    name,
    { code, fields: Object.keys(entryFields[name]), kinds: Object.values(entryFields[name]) },
  ]),
)

/** Makes a block of any bytes. */
export function blockOf(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(blockHeadBytes + bytes.length)
  block.set(bytes, blockHeadBytes)
  writeBlockHead(block)
  return block
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}

/** Its length and checksum, in front of it. */
function writeBlockHead(block: Uint8Array): void {
  const view = new DataView(block.buffer)
  view.setUint32(0, block.length - blockHeadBytes, true)
  view.setUint32(4, crc32(0, block, blockHeadBytes), true)
}

/** Writes entries one behind the other into blocks. */
export class EntryWriter {
  #bytes = new Uint8Array(firstBytes)
  #view = new DataView(this.#bytes.buffer)
  #used = blockHeadBytes
  /** Where the bytes stand in this block that were sent last. */
  #sentAt = 0
  #sentEnd = 0
  readonly #texts = new Map<string, number>([['', 0]])
  readonly #sharesSent: boolean

  /** Where the bytes begin that were written last; −1 if they were not written again. */
  lastBytesAt = -1

  /** @param sharesSent what is sent to many is written once */
  constructor(sharesSent = true) {
    this.#sharesSent = sharesSent
  }

  /** Bytes of the block so far. */
  get size(): number {
    return this.#used - blockHeadBytes
  }

  /** @param passedUs microseconds since the last entry with a time; −1 for an entry without one */
  add(entry: NewEntry, passedUs: number): void {
    this.#reserve(1 + varintBytesMax)
    const { code, fields, kinds } = forms.get(entry.name)!
    this.#bytes[this.#used++] = code | (passedUs < 0 ? nestedBit : 0)
    if (passedUs >= 0) this.#int(passedUs)
    const values = entry as unknown as Record<string, unknown>
    for (let at = 0; at < fields.length; at++) this.#field(kinds[at]!, values[fields[at]!])
  }

  /** Returns the block with its head, and begins a new one. */
  take(): Uint8Array {
    const block = this.#bytes.slice(0, this.#used)
    writeBlockHead(block)
    this.#used = blockHeadBytes
    this.#sentAt = this.#sentEnd = 0
    return block
  }

  #field(kind: FieldKind, value: unknown): void {
    switch (kind) {
      case 'int':
        return this.#int(value as number)
      case 'signed':
        return this.#signed(value as number)
      case 'float':
        return this.#float(value as number)
      case 'text':
        return this.#text(value as string)
      case 'bytes':
        return this.#run(value as Uint8Array)
      case 'sent':
        return this.#sent(value as Uint8Array)
      case 'ints':
        return this.#numbers(value as readonly number[])
      case 'texts':
        return this.#textList(value as readonly string[])
    }
  }

  #numbers(values: readonly number[]): void {
    this.#int(values.length)
    for (const value of values) this.#signed(value)
  }

  #textList(values: readonly string[]): void {
    this.#int(values.length)
    for (const value of values) this.#text(value)
  }

  /** Seven bits a byte, the lowest first. */
  #int(value: number): void {
    this.#reserve(varintBytesMax)
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[this.#used++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#used++] = rest
  }

  /** Twice the value; of a negative one twice its amount, less one. */
  #signed(value: number): void {
    this.#int(value < 0 ? -2 * value - 1 : 2 * value)
  }

  #float(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#used, value, true)
    this.#used += 8
  }

  /** A text is written once, and then by its number. */
  #text(text: string): void {
    const known = this.#texts.get(text)
    if (known !== undefined) return this.#int(known + 1)
    this.#int(0)
    this.#run(new TextEncoder().encode(text))
    if (this.#texts.size < textsMax) this.#texts.set(text, this.#texts.size)
  }

  #run(bytes: Uint8Array): void {
    this.#int(bytes.length)
    this.#put(bytes)
  }

  /** What is sent to many is written once, if it is sent to one after the other. */
  #sent(bytes: Uint8Array): void {
    const last = this.#bytes.subarray(this.#sentAt, this.#sentEnd)
    this.lastBytesAt = -1
    if (this.#sharesSent && bytes.length > 0 && isSame(bytes, last)) return this.#int(0)
    this.#int(bytes.length + 1)
    this.#sentAt = this.#put(bytes)
    this.#sentEnd = this.#used
  }

  /** Returns where they stand. */
  #put(bytes: Uint8Array): number {
    this.#reserve(bytes.length)
    this.lastBytesAt = this.#used
    this.#bytes.set(bytes, this.#used)
    this.#used += bytes.length
    return this.lastBytesAt
  }

  /** Bytes that stand in this block, to be changed in place. */
  at(start: number, size: number): Uint8Array {
    return this.#bytes.subarray(start, start + size)
  }

  #reserve(more: number): void {
    const needed = this.#used + more
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}
