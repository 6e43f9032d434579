import { mulberry32 } from '../../lib/random.ts'
import { type Role } from './FrameTrace.ts'

/** What a peer may send, mostly by the rules. */
export interface DrawnStream {
  readonly role: Role
  readonly limit: number
  readonly bytes: Uint8Array
  /** In one way to cut it, and in another. */
  readonly chunks: readonly Uint8Array[]
  readonly otherChunks: readonly Uint8Array[]
}

const smallLimits = [1, 10, 100, 125, 126, 300, 1_000]
const largeLimits = [5_000, 65_535, 65_536, 200_000, 2 ** 31 - 1]
/** What a reader takes at most. */
export const limits: readonly number[] = [...smallLimits, ...largeLimits]
const codes = [1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1014, 1015, 2999, 3000, 4999, 5000]
const codePoints = [
  0x24, 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff,
]
/** Beginnings of lengths in the long form: small ones, around 2 ** 31 and 2 ** 53, with the top bit. */
const highWords = [0, 0, 0, 1, 0x1fffff, 0x200000, 0x7fffffff, 0x80000000, 0xffffffff]

/** Draws streams of frames. */
class Draw {
  readonly bytes: number[] = []
  /** Where frames begin. */
  readonly starts: number[] = []
  readonly random: () => number
  /** Nothing is longer than a few hundred bytes. */
  readonly isSmall: boolean
  readonly isMasked: boolean

  constructor(random: () => number, isSmall: boolean) {
    this.random = random
    this.isSmall = isSmall
    this.isMasked = this.chance(0.5)
  }

  any(count: number): number {
    return Math.floor(this.random() * count)
  }

  chance(share: number): boolean {
    return this.random() < share
  }

  one<Value>(values: readonly Value[]): Value {
    return values[this.any(values.length)]!
  }

  size(): number {
    const share = this.random()
    if (share < (this.isSmall ? 0.97 : 0.8)) return this.any(20)
    if (this.isSmall) return 120 + this.any(12)
    if (share < 0.9) return 120 + this.any(12)
    if (share < 0.992) return this.any(400)
    return 65_530 + this.any(12)
  }

  randomBytes(size: number): number[] {
    return Array.from({ length: size }, () => this.any(256))
  }

  text(): number[] {
    const count = this.size() % 200
    const points = Array.from({ length: count }, () =>
      this.chance(0.6) ? 0x20 + this.any(0x5f) : this.one(codePoints),
    )
    const bytes = [...Buffer.from(String.fromCodePoint(...points))]
    if (this.chance(0.08) && bytes.length > 0)
      bytes[this.any(bytes.length)] = this.chance(0.5) ? 0x80 | this.any(128) : this.any(256)
    if (this.chance(0.04)) bytes.pop()
    return bytes
  }

  header(first: number, size: number): void {
    this.starts.push(this.bytes.length)
    const flag = this.isMasked ? 0x80 : 0
    const isUnusual = this.chance(0.03) && first < 0x88
    const form = size < 126 && !isUnusual ? 7 : size < 65_536 && this.chance(0.98) ? 16 : 64
    if (form === 7) this.bytes.push(first, flag | size)
    else if (form === 16) this.bytes.push(first, flag | 126, size >>> 8, size & 255)
    else this.bytes.push(first, flag | 127, ...wordOf(0), ...wordOf(size))
  }

  frame(first: number, payload: readonly number[]): void {
    this.header(first, payload.length)
    const mask = this.isMasked ? this.mask() : []
    this.bytes.push(...mask)
    for (const [index, byte] of payload.entries()) this.bytes.push(byte ^ (mask[index & 3] ?? 0))
  }

  mask(): number[] {
    return this.chance(0.05) ? [0, 0, 0, 0] : this.randomBytes(4)
  }

  control(): void {
    const share = this.random()
    if (share < 0.45) this.frame(0x89, this.randomBytes(this.size() % 126))
    else if (share < 0.8) this.frame(0x8a, this.randomBytes(this.size() % 126))
    else this.close()
  }

  close(): void {
    if (this.chance(0.2)) this.frame(0x88, [])
    else {
      const code = this.one(codes)
      this.frame(0x88, [code >>> 8, code & 255, ...this.text().slice(0, 123)])
    }
  }

  fragmented(): void {
    const isText = this.chance(0.6)
    const payload = isText ? this.text() : this.randomBytes(this.size())
    let first = isText ? 0x01 : 0x02
    for (let at = 0, left = this.any(5); left >= 0; left--) {
      const end = left === 0 ? payload.length : at + this.any(payload.length - at + 1)
      this.frame(left === 0 ? first | 0x80 : first, payload.slice(at, end))
      at = end
      first = 0
      if (left > 0 && this.chance(0.2)) this.control()
    }
  }

  manyFragments(): void {
    this.frame(0x02, [])
    for (let left = 1_018 + this.any(10); left > 0; left--)
      this.frame(0x00, this.chance(0.1) ? [left & 255] : [])
    this.frame(0x80, [])
  }

  /** A header whose payload does not follow. */
  announcement(): void {
    this.starts.push(this.bytes.length)
    const flag = this.isMasked ? 0x80 : 0
    const first = this.one([0x82, 0x81, 0x02, 0x80])
    if (this.chance(0.3)) this.bytes.push(first, flag | 126, this.any(256), this.any(256))
    else this.bytes.push(first, flag | 127, ...wordOf(this.one(highWords)), ...this.randomBytes(4))
  }

  item(): void {
    const share = this.random()
    if (share < 0.4) this.frame(0x82, this.randomBytes(this.size()))
    else if (share < 0.6) this.frame(0x81, this.text())
    else if (share < 0.85) this.fragmented()
    else if (share < 0.985) this.control()
    else if (share < 0.998) this.announcement()
    else if (!this.isSmall) this.manyFragments()
  }

  /** Breaks one thing. */
  mutate(): void {
    const { bytes } = this
    if (bytes.length === 0) return
    const at = this.any(bytes.length)
    const start = this.one(this.starts)
    const share = this.random()
    if (share < 0.35) bytes[start] = bytes[start]! ^ (1 << this.any(8))
    else if (share < 0.55) bytes[start + 1] = bytes[start + 1]! ^ (1 << this.any(8))
    else if (share < 0.65) bytes[start] = this.any(256)
    else if (share < 0.8) bytes[at] = bytes[at]! ^ (1 << this.any(8))
    else if (share < 0.87) bytes.splice(at, 1 + this.any(3))
    else if (share < 0.94) bytes.splice(at, 0, ...this.randomBytes(1 + this.any(3)))
    else bytes.length = at
  }

  chunks(bytes: Uint8Array): Uint8Array[] {
    const share = this.random()
    const { length } = bytes
    if (share < 0.2) return [bytes]
    const chunks: Uint8Array[] = []
    const most = share < 0.4 && length < 2_000 ? 1 : 1 + this.any(this.one([4, 20, 200, length]))
    for (let at = 0; at < length;) {
      const end = at + 1 + (length > 20_000 ? 200 : 0) + this.any(most)
      chunks.push(bytes.subarray(at, end))
      at = end
    }
    return chunks
  }
}

function wordOf(word: number): number[] {
  return [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]
}

/**
 * The stream that follows from a seed.
 *
 * @param isSmall of three items at most, none of them long: of those a second has twenty times as many
 */
export function drawStream(seed: number, isSmall: boolean): DrawnStream {
  const draw = new Draw(mulberry32(seed), isSmall)
  for (let left = 1 + draw.any(isSmall ? 3 : 8); left > 0; left--) draw.item()
  if (draw.chance(0.4)) for (let left = 1 + draw.any(2); left > 0; left--) draw.mutate()
  const bytes = Uint8Array.from(draw.bytes)
  return {
    role: draw.isMasked ? 'server' : 'client',
    limit: draw.one(draw.chance(0.3) ? smallLimits : largeLimits),
    bytes,
    chunks: draw.chunks(bytes),
    otherChunks: draw.chunks(bytes),
  }
}
