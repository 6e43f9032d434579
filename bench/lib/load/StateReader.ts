// Checks, byte for byte, what a server sends in its ticks to one client.
import { createTickMessage, numberTickMessage } from '../tickMessages.ts'
import { type Wire } from '../Wire.ts'

/** Of messages of one size, whose counters rise by one. The first counter may be any. */
export class StateReader {
  /** Whole messages. */
  received = 0
  readonly #expected: Buffer
  readonly #view: DataView
  readonly #payloadAt: number
  #counter = -1
  /** Bytes of the current message that have come. */
  #at = 0
  #first: Buffer = Buffer.alloc(0)

  constructor(wire: Wire, payloadBytes: number) {
    this.#payloadAt = wire.replyPayloadAt
    this.#expected = Buffer.alloc(wire.replyBytes)
    this.#view = new DataView(this.#expected.buffer, this.#expected.byteOffset)
    wire.writeReply(this.#view, 0)
    this.#expected.set(createTickMessage(payloadBytes), this.#payloadAt)
  }

  /** Throws on a wrong byte. */
  take(chunk: Buffer, start: number, end: number): void {
    if (this.#counter < 0) this.#begin(chunk.subarray(start, end))
    else this.#compare(chunk, start, end)
  }

  /** Waits for the whole first message, because that has the counter. */
  #begin(chunk: Buffer): void {
    this.#first = Buffer.concat([this.#first, chunk])
    if (this.#first.length < this.#expected.length) return
    this.#count(this.#first.readUInt32LE(this.#payloadAt))
    this.#compare(this.#first, 0, this.#first.length)
    this.#first = Buffer.alloc(0)
  }

  #compare(chunk: Buffer, start: number, end: number): void {
    const expected = this.#expected
    let from = start
    while (from < end) {
      const bytes = Math.min(end - from, expected.length - this.#at)
      const [at, to] = [this.#at, from + bytes]
      if (expected.compare(chunk, from, to, at, at + bytes) !== 0)
        throw new Error(
          `state ${this.#counter}: expected ${expected.toString('hex', at, at + bytes)}, got ${chunk.toString('hex', from, to)}`,
        )
      from = to
      this.#at += bytes
      if (this.#at < expected.length) return
      this.#at = 0
      this.received++
      this.#count(this.#counter + 1)
    }
  }

  #count(counter: number): void {
    this.#counter = counter
    numberTickMessage(this.#view, this.#payloadAt, counter)
  }
}
