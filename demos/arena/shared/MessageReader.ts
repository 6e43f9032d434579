// Reads a message that somebody else wrote, and never throws.
import { getBufferBytes, type NetworkBuffer } from 'bitecs-networking'

/**
 * Reads values one after the other. What is not there is read as 0 or '', and `failed` is true from then on: a message is
 * read to its end first and judged once.
 */
export class MessageReader {
  failed = false
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #position = 0

  constructor(buffer: NetworkBuffer) {
    this.#bytes = getBufferBytes(buffer)
    const { buffer: memory, byteOffset, byteLength } = this.#bytes
    this.#view = new DataView(memory, byteOffset, byteLength)
  }

  u8(): number {
    const at = this.#take(1)
    return this.failed ? 0 : this.#view.getUint8(at)
  }

  u16(): number {
    const at = this.#take(2)
    return this.failed ? 0 : this.#view.getUint16(at, true)
  }

  u32(): number {
    const at = this.#take(4)
    return this.failed ? 0 : this.#view.getUint32(at, true)
  }

  bytes(count: number): Uint8Array {
    const at = this.#take(count)
    return this.failed ? new Uint8Array(count) : this.#bytes.slice(at, at + count)
  }

  /** A text up to its closing zero byte. */
  string(): string {
    const end = this.failed ? -1 : this.#bytes.indexOf(0, this.#position)
    if (end < 0) {
      this.failed = true
      return ''
    }
    const text = decoder.decode(this.#bytes.subarray(this.#position, end))
    this.#position = end + 1
    return text
  }

  /** Where the next bytes are. It has failed if they are not there. */
  #take(size: number): number {
    const at = this.#position
    this.#position += size
    if (this.#position > this.#bytes.length) this.failed = true
    return at
  }
}

const decoder = new TextDecoder()
