import { type NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { contentRange } from './contentRange.ts'

/** Bytes encoded at once: a multiple of 3, so that only the last piece is padded, and few enough for a call's arguments. */
const pieceBytes = 3 * 4096

/**
 * A range of a buffer as base64 text: the standard alphabet, padded with `=`, without line breaks. An
 * empty buffer gives `''`.
 *
 * The offset is brought inside the buffer and the size into the rest; a negative size means all the rest.
 * Wrap kinds take the offset modulo their size and continue at the start. Throws a `TypeError` or
 * `RangeError` for what is no finite number, a `FreedError` for a freed buffer. GameMaker:
 * `buffer_base64_encode`.
 */
export function encodeBase64(buffer: NetworkBuffer, offset: number = 0, size: number = -1): string {
  const bytes = contentRange('encodeBase64', buffer, offset, size)
  if (bytes === undefined) return ''
  let text = ''
  for (let at = 0; at < bytes.length; at += pieceBytes)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + pieceBytes)))
  return text
}
