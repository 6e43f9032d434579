/** A hash over numbers and bytes, of 32-bit integers only. It finds differences; it is not for secrets. */
export class EventHash {
  #a = 0x9e3779b9 | 0
  #b = 0x85ebca6b | 0

  number(value: number): void {
    // Also what is beyond 32 bits, or a fraction of one.
    const whole = Math.floor(value)
    this.#mix(whole | 0)
    const rest = Math.floor(whole / 4_294_967_296) + (value - whole) * 4_294_967_296
    if (rest !== 0) this.#mix(rest | 0)
  }

  bytes(bytes: Uint8Array): void {
    const { length } = bytes
    let index = 0
    for (; index + 4 <= length; index += 4)
      this.#mix(
        bytes[index]! |
          (bytes[index + 1]! << 8) |
          (bytes[index + 2]! << 16) |
          (bytes[index + 3]! << 24),
      )
    for (; index < length; index++) this.#mix(bytes[index]!)
  }

  toString(): string {
    return [this.#a, this.#b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  #mix(word: number): void {
    const a = Math.imul(this.#a ^ word, 0x9e3779b1)
    this.#b = Math.imul(this.#b ^ ((a << 13) | (a >>> 19)), 0xc2b2ae35)
    this.#a = a ^ (this.#b >>> 15)
  }
}
