// What strangers send: messages that no client would.

import { crc32 } from 'node:zlib'
import { mulberry32 } from './random.ts'
import { amountOf, rowSeed } from './row.ts'

/** How many random messages the tests send to each server over each of its transports. */
export const noiseMessages: number = amountOf({ test: 500, ci: 2_000, soak: 1_000_000 })

/** The header of a packet without the size. */
const packetStart = Buffer.from('dec0adde0c000000', 'hex')
/** What a terminal obeys, and what no text should have. */
const pieces = ['\u001b[2J', '\r\n', '\0', '\u009b31m', '\u202e', '\ud800', '{"a":', 'é', '😀', 'x']

/** Draws what a stranger sends. */
export class Noise {
  /** Whether all it sends are right packets, whose content is random: wrong ones soon end their connection. */
  readonly isWellFormed: boolean
  readonly #random: () => number

  constructor(seed: number, isWellFormed = false) {
    this.#random = mulberry32(seed)
    this.isWellFormed = isWellFormed
  }

  /** Draws of its own, so that many strangers at once can be repeated. */
  next(isWellFormed = false): Noise {
    return new Noise(this.below(2 ** 32), isWellFormed)
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  isLucky(chance: number): boolean {
    return this.#random() < chance
  }

  /** A message: short mostly, and often with a first byte that means something. */
  message(): Buffer {
    const text = this.isLucky(0.3) ? Buffer.from(this.text()) : Buffer.alloc(0)
    const size = this.#size()
    const bytes = Buffer.allocUnsafe(size + text.length)
    for (let at = 0; at < size; at++) bytes[at] = this.below(256)
    if (size > 0 && this.isLucky(0.6)) bytes[0] = this.below(8)
    text.copy(bytes, size)
    return bytes
  }

  text(): string {
    return Array.from({ length: this.below(8) }, () => pieces[this.below(pieces.length)]).join('')
  }

  /** A message in a packet, whose header is right mostly. */
  packet(): Buffer {
    const message = this.message()
    const size = Buffer.alloc(4)
    const isRight = this.isWellFormed || this.isLucky(0.9)
    size.writeUInt32LE(isRight ? message.length : this.below(2 ** 32))
    const packet = Buffer.concat([packetStart, size, message])
    if (!this.isWellFormed && this.isLucky(0.1)) packet[this.below(packet.length)] = this.below(256)
    return packet
  }

  /** A message, mostly in a packet, now and then in a right datagram of reliable UDP. */
  datagram(): Buffer {
    if (this.isLucky(0.3)) return this.message()
    return this.isLucky(0.9) ? this.packet() : this.#reliable()
  }

  #size(): number {
    if (this.isLucky(0.05)) return this.below(this.isWellFormed ? 900 : 3_000)
    return this.below(this.isLucky(0.5) ? 8 : 64)
  }

  /** Data of a session that begins, or pretends to have begun (docs/protocol.md, "Reliable UDP"). */
  #reliable(): Buffer {
    const rest = Buffer.concat([Buffer.alloc(8), this.message().subarray(0, 1_188)])
    rest.writeUInt32LE(this.below(2 ** 32), 0)
    rest.writeUInt16LE(this.isLucky(0.7) ? 0 : this.below(2 ** 16), 4)
    const isWhole = this.isLucky(0.7)
    rest.writeUInt16LE(isWhole ? 0x60_00 : this.below(2 ** 16), 6)
    const head = Buffer.alloc(4)
    head.writeUInt32LE(crc32(Buffer.concat([Buffer.from('BNR1'), rest])))
    return Buffer.concat([head, rest])
  }
}

/** Runs a case and says in its error which seed repeats it. */
export async function withSeed(run: (noise: Noise) => Promise<void>): Promise<void> {
  try {
    await run(new Noise(rowSeed))
  } catch (error) {
    throw new Error(`SEED=${rowSeed}: ${String(error)}`, { cause: error })
  }
}
