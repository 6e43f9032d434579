import { cutFraction } from '../buffer/cutFraction.ts'
import { liveMemory, type NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { markUsed } from '../buffer/position.ts'
import { bufferSizeMax, reallocate } from '../buffer/reallocate.ts'
import { BufferError } from '../constants/BufferError.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { bufferOver } from './bufferOver.ts'

/**
 * Decodes base64 text into a new buffer: kind grow, alignment 1, as large as what was decoded, all of it
 * used. White space in the text is skipped, and the padding may be missing. Text that is not base64 gives
 * `BufferError.general`; what is no text throws a `TypeError`. GameMaker: `buffer_base64_decode`.
 */
export function decodeBase64(text: string): NetworkBuffer | BufferError {
  const bytes = bytesOf('decodeBase64', text)
  return bytes === undefined ? BufferError.general : bufferOver(bytes, BufferKind.grow)
}

/**
 * Decodes base64 text into a buffer, from `offset` on. A buffer of any kind is enlarged to the end of it.
 * The position stays, the used size rises to the end. Gives 0, or a negative `BufferError` when nothing
 * was changed: `general` for text that is not base64, `outOfSpace` where no buffer can reach.
 *
 * Text is taken as by `decodeBase64`; an empty one changes nothing. A negative offset counts as 0. Throws
 * a `TypeError` for what is no text, a `TypeError` or `RangeError` for an offset that is no finite number,
 * a `FreedError` for a freed buffer. GameMaker: `buffer_base64_decode_ext`.
 */
export function decodeBase64Into(
  buffer: NetworkBuffer,
  text: string,
  offset: number = 0,
): 0 | BufferError {
  const where = 'decodeBase64Into'
  const memory = liveMemory(where, buffer)
  const at = Math.max(cutFraction(where, 'offset', offset), 0)
  const bytes = bytesOf(where, text)
  if (bytes === undefined) return BufferError.general
  if (bytes.length === 0) return 0
  const end = at + bytes.length
  if (end > bufferSizeMax) return BufferError.outOfSpace
  const target = end > buffer.size ? reallocate(buffer, memory, end) : memory
  target.bytes.set(bytes, buffer.start + at)
  markUsed(buffer, end)
  return 0
}

/** The bytes that base64 text stands for, or `undefined`. */
function bytesOf(where: string, text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string') throw wrongType(where, 'text', 'a string', text)
  let characters: string
  try {
    characters = atob(text)
  } catch {
    return undefined
  }
  const bytes = new Uint8Array(characters.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at)
  return bytes
}
