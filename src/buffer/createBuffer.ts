import { type BufferKind } from '../constants/BufferKind.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { memoryOf } from './BufferMemory.ts'
import { cutFraction } from './cutFraction.ts'
import { NetworkBuffer, notABuffer } from './NetworkBuffer.ts'
import { checkedSize } from './reallocate.ts'

const alignmentMax = 1024

/**
 * Makes a buffer of `size` zero bytes with its position at 0. It lives until it is deleted or nothing
 * holds it any more.
 *
 * `size` is 0..2147483647 bytes, a fraction is cut. `alignment` is brought into 1..1024 and rounded up to
 * a power of two: every read and write then begins at a multiple of it. Throws a `TypeError` or a
 * `RangeError` for other arguments. GameMaker: `buffer_create`.
 */
export function createBuffer(size: number, kind: BufferKind, alignment: number = 1): NetworkBuffer {
  const bytes = checkedSize('createBuffer', size)
  checkInteger('createBuffer', 'kind', kind, 0, 3)
  const wanted = Math.min(cutFraction('createBuffer', 'alignment', alignment), alignmentMax)
  let power = 1
  while (power < wanted) power *= 2
  return new NetworkBuffer(memoryOf(new Uint8Array(bytes)), 0, bytes, kind, power, 0)
}

/**
 * Frees a buffer; using it afterwards throws a `FreedError`. Freeing it again does nothing.
 * GameMaker: `buffer_delete`.
 */
export function deleteBuffer(buffer: NetworkBuffer): void {
  if (!(buffer instanceof NetworkBuffer)) throw notABuffer('deleteBuffer', buffer)
  buffer.memory = undefined
}

/**
 * Whether a value is a buffer that can be used. The buffer of a Networking event exists only while the
 * event runs. GameMaker: `buffer_exists`.
 */
export function bufferExists(buffer: unknown): boolean {
  return buffer instanceof NetworkBuffer && buffer.memory !== undefined
}
