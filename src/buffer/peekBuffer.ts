import { BufferType } from '../constants/BufferType.ts'
import { bufferTypeSize, unknownType } from './bufferTypeSize.ts'
import { type BufferValue, type ReadValue } from './BufferValue.ts'
import { cutFraction } from './cutFraction.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { loadNumber } from './numberEncoding.ts'
import { isRing } from './position.ts'
import { loadAround } from './ring.ts'
import { textBetween, textEnd, textLimit } from './text.ts'

/**
 * Reads a value `offset` bytes from the start and leaves the position alone; alignment plays no part.
 * Gives `undefined` when the offset is negative or the value does not lie inside; wrap kinds take the
 * offset modulo their size and continue at the start. Values are those of `readBuffer`.
 *
 * Throws a `TypeError` for a number that is not a data type, a `TypeError` or `RangeError` for an offset that
 * is not a finite number, a `FreedError` for a freed buffer. GameMaker: `buffer_peek`.
 */
export function peekBuffer<Type extends BufferType>(
  buffer: NetworkBuffer,
  offset: number,
  type: Type,
): ReadValue<Type> | undefined
export function peekBuffer(
  buffer: NetworkBuffer,
  offset: number,
  type: BufferType,
): BufferValue | undefined {
  const memory = liveMemory('peekBuffer', buffer)
  const need = bufferTypeSize(type)
  const isText = type === BufferType.string || type === BufferType.text
  if (need === 0 && !isText) throw unknownType('peekBuffer', type)
  let at = Number.isInteger(offset) ? offset : cutFraction('peekBuffer', 'offset', offset, buffer)
  if (at < 0) return undefined
  if (isRing(buffer)) {
    at %= buffer.size
    if (at + need > buffer.size)
      return loadNumber(new DataView(loadAround(buffer, memory, at, need).buffer), 0, type)
  } else if (at + need > buffer.size) return undefined
  if (need > 0) return loadNumber(memory.view, buffer.start + at, type)
  return textBetween(buffer, memory, at, textEnd(buffer, memory, at, textLimit(buffer, at)))
}
