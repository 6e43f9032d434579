import { type Entry, entryFields, entryNames, type FieldKind } from './entries.ts'
import { noBytes } from '../constants/noBytes.ts'
import { nestedBit } from './recordingFormat.ts'

/** Why a block cannot be read on. */
export class EntryError extends Error {}

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

/** Reads the entries of blocks, in order. Texts and the time go on from block to block. */
export class EntryReader {
  #bytes: Uint8Array = noBytes
  #view = new DataView(this.#bytes.buffer)
  #at = 0
  #timeUs = 0
  readonly #texts: string[] = ['']
  #lastSent: Uint8Array = noBytes

  /** Reads on in the next block. */
  use(block: Uint8Array): void {
    this.#bytes = block
    this.#view = new DataView(block.buffer, block.byteOffset, block.byteLength)
    this.#at = 0
    this.#lastSent = noBytes
  }

  /**
   * The next entry, or `undefined` at the end of the block.
   *
   * @throws EntryError for what is no entry
   */
  next(): Entry | undefined {
    if (this.#at === this.#bytes.length) return undefined
    const code = this.#byte()
    const name = entryNames[code & ~nestedBit]
    if (name === undefined) throw new EntryError(`no entry has the code ${code}`)
    const isNested = (code & nestedBit) !== 0
    if (!isNested) this.#timeUs += this.#int()
    const entry: Record<string, unknown> = { name, isNested, timeUs: this.#timeUs }
    for (const [field, kind] of Object.entries<FieldKind>(entryFields[name]))
      entry[field] = this.#field(kind)
    return entry as unknown as Entry
  }

  #field(kind: FieldKind): unknown {
    switch (kind) {
      case 'int':
        return this.#int()
      case 'signed':
        return this.#signed()
      case 'float':
        return this.#float()
      case 'text':
        return this.#text()
      case 'bytes':
        return this.#run()
      case 'sent':
        return this.#sent()
      case 'ints':
        return this.#list(() => this.#signed())
      default:
        return this.#list(() => this.#text())
    }
  }

  #list<Value>(read: () => Value): Value[] {
    const count = this.#int()
    // Each takes a byte at least.
    this.#need(count)
    return Array.from({ length: count }, read)
  }

  #byte(): number {
    this.#need(1)
    return this.#bytes[this.#at++]!
  }

  #int(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.#byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) break
      factor *= 0x80
      if (factor > 2 ** 49) throw new EntryError('a number is too long')
    }
    if (!Number.isSafeInteger(value)) throw new EntryError('a number is too large')
    return value
  }

  #signed(): number {
    const value = this.#int()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  #float(): number {
    this.#need(8)
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, true)
  }

  #text(): string {
    const number = this.#int()
    if (number > 0) {
      const known = this.#texts[number - 1]
      if (known === undefined) throw new EntryError(`there is no text ${number}`)
      return known
    }
    const text = decoder.decode(this.#run())
    this.#texts.push(text)
    return text
  }

  #run(size = this.#int()): Uint8Array {
    this.#need(size)
    this.#at += size
    return this.#bytes.subarray(this.#at - size, this.#at)
  }

  #sent(): Uint8Array {
    const size = this.#int() - 1
    if (size < 0) return this.#lastSent
    this.#lastSent = this.#run(size)
    return this.#lastSent
  }

  #need(count: number): void {
    if (count > this.#bytes.length - this.#at) throw new EntryError('it ends within an entry')
  }
}
