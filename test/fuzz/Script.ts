// Inputs of a target that are a script: numbers and bytes, one after the other, so that any bytes are a script too.

/** Reads a script. Behind its end all is 0. */
export class ScriptReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length
  }

  u8(): number {
    return this.#bytes[this.#at++] ?? 0
  }

  u16(): number {
    return this.u8() | (this.u8() << 8)
  }

  u32(): number {
    return (this.u16() | (this.u16() << 16)) >>> 0
  }

  /** A length of 16 bits, and as many bytes, or as many as are left. */
  block(): Uint8Array {
    const from = this.#at + 2
    this.#at = Math.min(from + this.u16(), Math.max(from, this.#bytes.length))
    return this.#bytes.slice(from, this.#at)
  }

  rest(): Uint8Array {
    const from = this.#at
    this.#at = this.#bytes.length
    return this.#bytes.slice(from)
  }
}

/** Writes a script. */
export class ScriptWriter {
  readonly #parts: (number | Uint8Array)[] = []
  #size = 0

  u8(...values: readonly number[]): this {
    for (const value of values) this.#parts.push(value & 0xff)
    this.#size += values.length
    return this
  }

  u16(value: number): this {
    return this.u8(value, value >>> 8)
  }

  u32(value: number): this {
    return this.u16(value).u16(value >>> 16)
  }

  block(bytes: Uint8Array): this {
    return this.u16(bytes.length).raw(bytes)
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes)
    this.#size += bytes.length
    return this
  }

  get bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#size)
    let at = 0
    for (const part of this.#parts)
      if (typeof part === 'number') bytes[at++] = part
      else {
        bytes.set(part, at)
        at += part.length
      }
    return bytes
  }
}
