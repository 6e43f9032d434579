import { BufferError } from '../constants/BufferError.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { BufferType } from '../constants/BufferType.ts'
import { type BufferValue } from './BufferValue.ts'
import { cutFraction } from './cutFraction.ts'
import { encodeValue } from './encodeValue.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { isRing, markUsed } from './position.ts'
import { storeAround } from './ring.ts'

/**
 * What `pokeBuffer` does, with results in place of errors: 0, or a negative `BufferError` when nothing was written:
 * `invalidType` as for `writeValue`, `outOfSpace` when the offset is negative or the value does not fit. GameMaker:
 * `buffer_poke`.
 */
export function pokeValue(
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
  if (isRing(buffer)) {
    at %= buffer.size
    storeAround(buffer, memory, at, data)
  } else {
    if (at + data.length > buffer.size) return BufferError.outOfSpace
    memory.bytes.set(data, buffer.start + at)
  }
  markUsed(buffer, at + data.length)
  return 0
}
