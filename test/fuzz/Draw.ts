import { mulberry32 } from '../lib/random.ts'

/** Sizes and counts at which something changes. */
const edges = [
  0, 1, 2, 7, 8, 11, 12, 13, 16, 18, 63, 64, 125, 126, 127, 128, 129, 255, 256, 300, 301, 4_083,
  4_084, 4_096, 32_767, 32_768, 65_535, 65_536, 4_194_304, 4_194_305, 0x7fffffff, 0x80000000,
  0xfffffff4, 0xffffffff,
]

/** Draws what follows from one number. */
export class Draw {
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = mulberry32(seed)
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  isLucky(chance: number): boolean {
    return this.#random() < chance
  }

  one<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!
  }

  byte(): number {
    return this.below(256)
  }

  bytes(size: number): Uint8Array {
    const bytes = new Uint8Array(size)
    for (let at = 0; at < size; at++) bytes[at] = this.byte()
    return bytes
  }

  /** A number of 32 bits, often one at which something changes. */
  word(): number {
    return this.isLucky(0.7) ? this.one(edges) : this.below(2 ** 32)
  }

  /** A small number mostly, `limit` at most. */
  size(limit: number): number {
    return this.below(Math.min(limit, this.isLucky(0.8) ? 24 : limit) + 1)
  }
}
