import { BufferError } from '../constants/BufferError.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { BufferType } from '../constants/BufferType.ts'
import { type BufferValue } from './BufferValue.ts'
import { cutFraction } from './cutFraction.ts'
import { encodeValue } from './encodeValue.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { markUsed } from './position.ts'
import { storeAround } from './ring.ts'

/**
 * Writes a value `offset` bytes from the start and leaves the position alone; alignment plays no part. The
 * used size rises to the end of the value. Gives 0, or a negative `BufferError` when nothing was written:
 * `invalidType` as for `writeBuffer`, `outOfSpace` when the offset is negative or the value does not fit.
 *
 * No kind grows here. Wrap kinds take the offset modulo their size and continue at the start. Throws a
 * `TypeError` or `RangeError` for an offset that is not a finite number, a `FreedError` for a freed buffer.
 * GameMaker: `buffer_poke`.
 */
export function pokeBuffer(
  buffer: NetworkBuffer,
  offset: number,
  type: BufferType,
  value: BufferValue,
): 0 | BufferError {
  const memory = liveMemory('pokeBuffer', buffer)
  let at = cutFraction('pokeBuffer', 'offset', offset)
  if (buffer.kind === BufferKind.fast && type !== BufferType.u8) return BufferError.invalidType
  const data = encodeValue(type, value)
  if (data === undefined) return BufferError.invalidType
  if (at < 0) return BufferError.outOfSpace
  if (buffer.kind === BufferKind.wrap && buffer.size > 0) {
    at %= buffer.size
    storeAround(buffer, memory, at, data)
  } else {
    if (at + data.length > buffer.size) return BufferError.outOfSpace
    memory.bytes.set(data, buffer.start + at)
  }
  markUsed(buffer, at + data.length)
  return 0
}
