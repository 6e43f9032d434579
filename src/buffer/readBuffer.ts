import { BufferType } from '../constants/BufferType.ts'
import { type BufferMemory } from './BufferMemory.ts'
import { bufferTypeSize, unknownType } from './bufferTypeSize.ts'
import { type BufferValue, type ReadValue } from './BufferValue.ts'
import { lackOfBytes } from './lackOfBytes.ts'
import { liveMemory, type NetworkBuffer, readError } from './NetworkBuffer.ts'
import { loadNumber } from './numberEncoding.ts'
import { alignedPosition, isRing, moveBehind } from './position.ts'
import { loadAround } from './ring.ts'
import { textBetween, textEnd, textLimit } from './text.ts'

/**
 * Reads a value at the position and moves the position behind it.
 *
 * `u64` gives an unsigned bigint (`BigInt.asIntN(64, value)` is the signed one), `bool` is true for the
 * byte 1 only. `string` and `text` both end before a NUL byte, which is passed over, or at the used size;
 * malformed UTF-8 becomes U+FFFD, and where no text is left they give `''`. A surrogate pair of three bytes each, as
 * GameMaker's HTML5 games write what is above U+FFFF, is one character; half a pair is malformed.
 *
 * Reading past the end throws a `RangeError`, of a received buffer a `BadMessageError`, and leaves the position where it
 * was; wrap kinds continue at the start instead. A number that is not a data type throws a `TypeError`, a freed buffer a `FreedError`.
 * GameMaker: `buffer_read`.
 */
export function readBuffer<Type extends BufferType>(
  buffer: NetworkBuffer,
  type: Type,
): ReadValue<Type>
export function readBuffer(buffer: NetworkBuffer, type: BufferType): BufferValue | undefined {
  const memory = liveMemory('readBuffer', buffer)
  const need = bufferTypeSize(type)
  if (need === 0) return readText(buffer, memory, type)
  let at = buffer.position
  if (buffer.alignment !== 1 || at >= buffer.size) at = alignedPosition(buffer)
  const end = at + need
  if (end > buffer.size) return readAcross(buffer, memory, type, at, need)
  buffer.position = end
  return loadNumber(memory.view, buffer.start + at, type)
}

function readAcross(
  buffer: NetworkBuffer,
  memory: BufferMemory,
  type: BufferType,
  at: number,
  need: number,
): BufferValue | undefined {
  if (!isRing(buffer)) {
    const message = lackOfBytes('readBuffer', type, need, `position ${at}`, buffer)
    throw readError(buffer, message)
  }
  const bytes = loadAround(buffer, memory, at, need)
  moveBehind(buffer, at + need)
  return loadNumber(new DataView(bytes.buffer), 0, type)
}

function readText(buffer: NetworkBuffer, memory: BufferMemory, type: BufferType): string {
  if (type !== BufferType.string && type !== BufferType.text) throw unknownType('readBuffer', type)
  const at = alignedPosition(buffer)
  const limit = textLimit(buffer, at)
  const end = textEnd(buffer, memory, at, limit)
  const text = textBetween(buffer, memory, at, end)
  // Before the limit only a NUL byte ends a text.
  moveBehind(buffer, end < limit ? end + 1 : end)
  return text
}
