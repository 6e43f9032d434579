/** FNV-1a of 64 bits over words of 32, in two halves: integers alone, so that every engine has the same. */
export class Trace {
  #high = 0xcbf29ce4
  #low = 0x84222325
  readonly #number = new DataView(new ArrayBuffer(8))

  /** Of all that was noted so far. */
  get hex(): string {
    return [this.#high, this.#low].map((half) => half.toString(16).padStart(8, '0')).join('')
  }

  note(...values: readonly (Uint8Array | string | number | boolean | undefined)[]): void {
    for (const value of values)
      if (value instanceof Uint8Array) this.#bytes(value)
      else if (typeof value === 'string') this.#text(value)
      else this.#float(Number(value ?? -0.5))
  }

  #bytes(bytes: Uint8Array): void {
    this.#word(bytes.length)
    for (const byte of bytes) this.#word(byte)
  }

  #text(text: string): void {
    this.#word(text.length)
    for (let at = 0; at < text.length; at++) this.#word(text.charCodeAt(at))
  }

  #float(value: number): void {
    this.#number.setFloat64(0, value, true)
    this.#word(this.#number.getUint32(0, true))
    this.#word(this.#number.getUint32(4, true))
  }

  /** Times 2 ** 40 + 0x1b3. */
  #word(value: number): void {
    const low = (this.#low ^ value) >>> 0
    const product = low * 0x1b3
    const carry = Math.floor(product / 2 ** 32)
    this.#high = (Math.imul(this.#high, 0x1b3) + carry + (low << 8)) >>> 0
    this.#low = product >>> 0
  }
}
