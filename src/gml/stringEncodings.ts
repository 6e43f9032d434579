// GameMaker's functions that make something else of a string, and the way back. A string ends at its first NUL, as all of
// GameMaker's do, and half a surrogate pair in UTF-8 is U+FFFD.

import { getBufferBytes } from '../buffer/getBufferSize.ts'
import { untilNul } from '../buffer/utf8.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { bufferOver } from '../content/bufferOver.ts'
import { decodeBase64 } from '../content/decodeBase64.ts'
import { digestBytes } from '../content/digestBytes.ts'
import { encodeBase64 } from '../content/encodeBase64.ts'
import { checkText } from './checkText.ts'
import { bytesOfString, stringOfBytes } from './stringBytes.ts'

/**
 * The MD5 digest of a string in UTF-8.
 *
 * @returns 32 hexadecimal digits in lower case
 * @throws TypeError for what is not a string
 */
export function md5_string_utf8(string: string): string {
  return digestBytes('md5', bytesOfString('md5_string_utf8', 'string', string))
}

/**
 * The MD5 digest of a string in UTF-16, two bytes for each unit, the low one first.
 *
 * @returns 32 hexadecimal digits in lower case
 * @throws TypeError for what is not a string
 */
export function md5_string_unicode(string: string): string {
  return digestBytes('md5', utf16Of('md5_string_unicode', string))
}

/**
 * The SHA-1 digest of a string in UTF-8.
 *
 * @returns 40 hexadecimal digits in lower case
 * @throws TypeError for what is not a string
 */
export function sha1_string_utf8(string: string): string {
  return digestBytes('sha1', bytesOfString('sha1_string_utf8', 'string', string))
}

/**
 * The SHA-1 digest of a string in UTF-16, two bytes for each unit, the low one first.
 *
 * @returns 40 hexadecimal digits in lower case
 * @throws TypeError for what is not a string
 */
export function sha1_string_unicode(string: string): string {
  return digestBytes('sha1', utf16Of('sha1_string_unicode', string))
}

/**
 * The base64 text of a string in UTF-8: the standard alphabet, padded with `=`, without line breaks.
 *
 * @throws TypeError for what is not a string
 */
export function base64_encode(string: string): string {
  return encodeBase64(
    bufferOver(bytesOfString('base64_encode', 'string', string), BufferKind.fixed),
  )
}

/**
 * The string that base64 text stands for. White space is skipped, and the padding may be missing. The text may come from
 * anybody; bytes that are not UTF-8 become U+FFFD.
 *
 * @returns the string, up to its first NUL; `''` for what is not base64
 * @throws TypeError for what is not a string
 */
export function base64_decode(string: string): string {
  const decoded = decodeBase64(checkText('base64_decode', 'string', string))
  return typeof decoded === 'number' ? '' : stringOfBytes(getBufferBytes(decoded))
}

function utf16Of(where: string, value: unknown): Uint8Array {
  const text = untilNul(checkText(where, 'string', value))
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), true)
  return new Uint8Array(view.buffer)
}
