// GameMaker's buffer functions that make something else of a buffer's content, and the way back.

import { checksumBuffer } from '../../content/checksumBuffer.ts'
import { compressBuffer, decompressBuffer } from '../../content/compressBuffer.ts'
import { decodeBase64, decodeBase64Into } from '../../content/decodeBase64.ts'
import { digestBuffer } from '../../content/digestBuffer.ts'
import { encodeBase64 } from '../../content/encodeBase64.ts'
import { checkText } from '../checkText.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { settings } from '../settings.ts'
import { knownBuffer, nothingOr, rangeOf, unknownBuffer, wholeNumber } from './bufferArguments.ts'
import { addBufferOr } from './bufferHandles.ts'

// Of a range, the offset is brought into 0..size - 1 and the size into the rest; a negative size means all the rest. A
// wrap buffer takes the offset modulo its size and goes on at its start.

/**
 * The MD5 digest of a range of a buffer.
 *
 * @param offset bytes from the start, brought inside
 * @param size bytes, brought inside; negative for all the rest
 * @returns 32 hexadecimal digits in lower case, `undefined` for an empty buffer; -5 for an unknown buffer with the setting
 * `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer, and for an offset or a size that is not finite
 */
export function buffer_md5(
  buffer: GmlNumber,
  offset: GmlNumber,
  size: GmlNumber,
): string | typeof unknownBuffer | undefined {
  return digest('buffer_md5', 'md5', buffer, offset, size)
}

/**
 * The SHA-1 digest of a range of a buffer.
 *
 * @param offset bytes from the start, brought inside
 * @param size bytes, brought inside; negative for all the rest
 * @returns 40 hexadecimal digits in lower case, `undefined` for an empty buffer; -5 for an unknown buffer with the setting
 * `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer, and for an offset or a size that is not finite
 */
export function buffer_sha1(
  buffer: GmlNumber,
  offset: GmlNumber,
  size: GmlNumber,
): string | typeof unknownBuffer | undefined {
  return digest('buffer_sha1', 'sha1', buffer, offset, size)
}

function digest(
  where: string,
  algorithm: 'md5' | 'sha1',
  buffer: GmlNumber,
  offset: GmlNumber,
  size: GmlNumber,
): string | typeof unknownBuffer | undefined {
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  return digestBuffer(found, algorithm, ...rangeOf(where, found, offset, size))
}

/**
 * The checksum of a range of a buffer: the CRC-32 of zip and PNG with all its bits the other way round.
 *
 * @param offset bytes from the start, brought inside
 * @param size bytes, brought inside; negative for all the rest
 * @returns 0..4294967295, `undefined` for an empty buffer; -5 for an unknown buffer with the setting `unknown_buffer` =
 * `'result'`
 * @throws RangeError for an unknown buffer, and for an offset or a size that is not finite
 */
export function buffer_crc32(
  buffer: GmlNumber,
  offset: GmlNumber,
  size: GmlNumber,
): number | undefined {
  const where = 'buffer_crc32'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  return checksumBuffer(found, ...rangeOf(where, found, offset, size))
}

/**
 * A range of a buffer as base64 text: the standard alphabet, padded with `=`, without line breaks.
 *
 * @param offset bytes from the start, brought inside
 * @param size bytes, brought inside; negative for all the rest
 * @returns the text; -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer, and for an offset or a size that is not finite
 */
export function buffer_base64_encode(
  buffer: GmlNumber,
  offset: GmlNumber,
  size: GmlNumber,
): string | typeof unknownBuffer {
  const where = 'buffer_base64_encode'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  return encodeBase64(found, ...rangeOf(where, found, offset, size))
}

/**
 * Decodes base64 text into a new grow buffer of alignment 1, as large as what was decoded, all of it used. White space is
 * skipped, and the padding may be missing.
 *
 * @returns the handle of the new buffer, which is yours to delete; -1 for what is no base64
 * @throws TypeError for what is no string
 */
export function buffer_base64_decode(string: string): number {
  return addBufferOr(decodeBase64(checkText('buffer_base64_decode', 'string', string)))
}

/**
 * Decodes base64 text into a buffer. A buffer of any kind is enlarged to the end of what was decoded. The position stays,
 * the used size rises to that end.
 *
 * @param offset bytes from the start; a negative one counts as 0
 * @returns nothing. If nothing was written, `buffer_error_general` for what is no base64, `buffer_error_out_of_space` if no
 * buffer can reach; -5 for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer and an offset that is not finite; TypeError for what is no string
 */
export function buffer_base64_decode_ext(
  buffer: GmlNumber,
  string: string,
  offset: GmlNumber,
): number | undefined {
  const where = 'buffer_base64_decode_ext'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  const encoded = checkText(where, 'string', string)
  return nothingOr(decodeBase64Into(found, encoded, wholeNumber(where, 'offset', offset)))
}

/**
 * Compresses a range of a buffer into a new one that holds a zlib stream and is exactly as large. The bytes may differ from
 * those of GameMaker; both can decompress them.
 *
 * @param offset bytes from the start, brought inside
 * @param size bytes, brought inside; negative for all the rest
 * @returns the handle of the new buffer, which is yours to delete; -1 if there are no bytes; -5 for an unknown buffer with
 * the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer, and for an offset or a size that is not finite
 */
export function buffer_compress(buffer: GmlNumber, offset: GmlNumber, size: GmlNumber): number {
  const where = 'buffer_compress'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  return addBufferOr(compressBuffer(found, ...rangeOf(where, found, offset, size)))
}

/**
 * Decompresses the zlib stream that a buffer begins with, up to its used size, into a new buffer of just the size.
 *
 * @returns the handle of the new buffer, which is yours to delete; -1 for what is no valid and complete stream, or would
 * become larger than the setting `decompress_bytes_max`; -5 for an unknown buffer with the setting `unknown_buffer` =
 * `'result'`
 * @throws RangeError for an unknown buffer
 */
export function buffer_decompress(buffer: GmlNumber): number {
  const found = knownBuffer('buffer_decompress', buffer)
  if (found === undefined) return unknownBuffer
  return addBufferOr(decompressBuffer(found, settings.decompress_bytes_max))
}
