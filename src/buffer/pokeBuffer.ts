import { type BufferType } from '../constants/BufferType.ts'
import { type WriteValue } from './BufferValue.ts'
import { checkValue, refusal } from './checkValue.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { pokeValue } from './pokeValue.ts'

/**
 * Writes a value `offset` bytes from the start and leaves the position alone; alignment plays no part. The
 * used size rises to the end of the value. Returns 0; values are taken as by `writeBuffer`.
 *
 * No kind grows here. Wrap kinds take the offset modulo their size and continue at the start. Throws a `RangeError` when
 * the offset is negative or the value does not fit, a `TypeError` as `writeBuffer` does, a `TypeError` or `RangeError` for
 * an offset that is not a finite number, a `FreedError` for a freed buffer. Nothing is written then. GameMaker:
 * `buffer_poke`.
 */
export function pokeBuffer<Type extends BufferType>(
  buffer: NetworkBuffer,
  offset: number,
  type: Type,
  value: WriteValue<Type>,
): 0 {
  liveMemory('pokeBuffer', buffer)
  checkValue('pokeBuffer', type, value)
  const result = pokeValue(buffer, offset, type, value)
  if (result === 0) return 0
  throw refusal('pokeBuffer', result, buffer, `offset ${Math.trunc(offset)}`, type, value)
}
