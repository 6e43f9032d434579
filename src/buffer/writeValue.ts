import { BufferError } from '../constants/BufferError.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { BufferType } from '../constants/BufferType.ts'
import { type BufferMemory } from './BufferMemory.ts'
import { bufferTypeSize } from './bufferTypeSize.ts'
import { type BufferValue } from './BufferValue.ts'
import { encodeValue } from './encodeValue.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { numberFrom, storeNumber } from './numberEncoding.ts'
import { alignedPosition, isRing, markUsed, moveBehind } from './position.ts'
import { growTo } from './reallocate.ts'
import { storeAround } from './ring.ts'
import { storeUtf8, untilNul, utf8Size } from './utf8.ts'

/**
 * What `writeBuffer` does, with results in place of errors: 0, or a negative `BufferError` when nothing was written.
 * `invalidType`: the type does not take the value (numbers, bigints and booleans go into number types, strings into
 * `string` and `text`), it is not a data type, or it is not `u8` in a fast kind. `outOfSpace`: no room, and the kind does
 * not grow.
 *
 * NaN and infinity give 0 in integer types. The position is aligned even when the write then fails. GameMaker:
 * `buffer_write`.
 */
export function writeValue(
  buffer: NetworkBuffer,
  type: BufferType,
  value: BufferValue,
): 0 | BufferError {
  let memory = liveMemory('writeBuffer', buffer)
  if (buffer.kind === BufferKind.fast && type !== BufferType.u8) return BufferError.invalidType
  const need = bufferTypeSize(type)
  if (need === 0) return writeText(buffer, memory, type, value)
  const number = typeof value === 'number' ? value : numberFrom(type, value)
  if (number === undefined) return BufferError.invalidType
  let at = buffer.position
  if (buffer.alignment !== 1 || at >= buffer.size) at = alignedPosition(buffer)
  const end = at + need
  if (end > buffer.size) {
    if (buffer.kind !== BufferKind.grow) return writeAcross(buffer, memory, at, type, value)
    buffer.position = at
    const grown = growTo(buffer, memory, end)
    if (grown === undefined) return BufferError.outOfSpace
    memory = grown
  }
  storeNumber(memory.view, buffer.start + at, type, number)
  buffer.position = end
  if (end > buffer.used) buffer.used = end
  return 0
}

/** A value that does not fit before the end: only a wrap kind takes it. */
function writeAcross(
  buffer: NetworkBuffer,
  memory: BufferMemory,
  at: number,
  type: BufferType,
  value: BufferValue,
): 0 | BufferError {
  // GameMaker aligns even when the write then fails.
  buffer.position = at
  if (!isRing(buffer)) return BufferError.outOfSpace
  const data = encodeValue(type, value)
  if (data === undefined) return BufferError.invalidType
  storeAround(buffer, memory, at, data)
  markUsed(buffer, at + data.length)
  moveBehind(buffer, at + data.length)
  return 0
}

function writeText(
  buffer: NetworkBuffer,
  memory: BufferMemory,
  type: BufferType,
  value: BufferValue,
): 0 | BufferError {
  if (type !== BufferType.string && type !== BufferType.text) return BufferError.invalidType
  if (typeof value !== 'string') return BufferError.invalidType
  const text = untilNul(value)
  const nul = type === BufferType.string ? 1 : 0
  const size = utf8Size(text)
  const at = alignedPosition(buffer)
  const end = at + size + nul
  let target = memory
  if (buffer.kind !== BufferKind.grow) {
    // Here even an empty text needs a byte before the end.
    if (at >= buffer.size || end > buffer.size) return writeAcross(buffer, memory, at, type, value)
  } else if (end > buffer.size) {
    buffer.position = at
    const grown = growTo(buffer, memory, end)
    if (grown === undefined) return BufferError.outOfSpace
    target = grown
  }
  storeUtf8(target.bytes, buffer.start + at, text, size)
  if (nul === 1) target.bytes[buffer.start + end - 1] = 0
  buffer.position = end
  markUsed(buffer, end)
  return 0
}
