// Reads a message that somebody else wrote, and never throws.
import { BufferType, type NetworkBuffer, peekBuffer } from 'bitecs-networking'

/**
 * Reads values one after the other. What is not there is read as 0 or '', and `failed` is true from then on: a message is
 * read to its end first and judged once.
 */
export class MessageReader {
  failed = false
  readonly #buffer: NetworkBuffer
  #position = 0

  constructor(buffer: NetworkBuffer) {
    this.#buffer = buffer
  }

  u8(): number {
    return this.#number(BufferType.u8, 1)
  }

  u16(): number {
    return this.#number(BufferType.u16, 2)
  }

  u32(): number {
    return this.#number(BufferType.u32, 4)
  }

  /** A number with a fraction; what is not finite is a failure. */
  f32(): number {
    const value = this.#number(BufferType.f32, 4)
    if (Number.isFinite(value)) return value
    this.failed = true
    return 0
  }

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count)
    for (let index = 0; index < count; index++) bytes[index] = this.u8()
    return bytes
  }

  /** A text up to its closing zero byte. */
  string(): string {
    const bytes: number[] = []
    for (let byte = this.u8(); byte !== 0; byte = this.u8()) bytes.push(byte)
    return new TextDecoder().decode(Uint8Array.from(bytes))
  }

  #number(
    type:
      typeof BufferType.u8 | typeof BufferType.u16 | typeof BufferType.u32 | typeof BufferType.f32,
    size: number,
  ): number {
    const value = this.failed ? undefined : peekBuffer(this.#buffer, this.#position, type)
    this.#position += size
    if (value !== undefined) return value
    this.failed = true
    return 0
  }
}
