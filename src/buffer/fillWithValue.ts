import { BufferError } from '../constants/BufferError.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { BufferType } from '../constants/BufferType.ts'
import { type BufferValue } from './BufferValue.ts'
import { cutFraction } from './cutFraction.ts'
import { encodeValue } from './encodeValue.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { isRing, markUsed, modulo, roundUp } from './position.ts'
import { storeAround } from './ring.ts'

/**
 * What `fillBuffer` does, with results in place of errors: 0, or a negative `BufferError` when nothing was written:
 * `invalidType` as for `writeValue`, `outOfSpace` for an offset outside the buffer. GameMaker: `buffer_fill`.
 */
export function fillWithValue(
  buffer: NetworkBuffer,
  offset: number,
  type: BufferType,
  value: BufferValue,
  size: number,
): 0 | BufferError {
  const memory = liveMemory('fillBuffer', buffer)
  let from = cutFraction('fillBuffer', 'offset', offset)
  let count = cutFraction('fillBuffer', 'size', size)
  if (buffer.kind === BufferKind.fast && type !== BufferType.u8) return BufferError.invalidType
  const pattern = encodeValue(type, value)
  if (pattern === undefined) return BufferError.invalidType
  if (count < 0) count = buffer.size
  if (isRing(buffer)) {
    from = modulo(from, buffer.size)
    count = Math.min(count, buffer.size)
  } else {
    if (from < 0 || from >= buffer.size) return BufferError.outOfSpace
    count = Math.min(count, buffer.size - from)
  }
  if (count === 0 || pattern.length === 0) return 0
  const begin = buffer.start + from
  if (from + count > buffer.size) {
    const filled = new Uint8Array(count)
    repeat(filled, from, pattern, buffer.alignment)
    storeAround(buffer, memory, from, filled)
  } else repeat(memory.bytes.subarray(begin, begin + count), from, pattern, buffer.alignment)
  markUsed(buffer, from + count)
  return 0
}

/** `from` is where the target begins in the buffer, which the alignment counts from. */
function repeat(target: Uint8Array, from: number, pattern: Uint8Array, alignment: number): void {
  const end = from + target.length
  const need = pattern.length
  if (need === 1 && alignment === 1) {
    target.fill(pattern[0] ?? 0)
    return
  }
  target.fill(0)
  for (let at = roundUp(from, alignment); at + need <= end; at = roundUp(at + need, alignment))
    target.set(pattern, at - from)
}
