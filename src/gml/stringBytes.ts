// GameMaker's functions that see a string as its bytes in UTF-8. A string ends at its first NUL, as all of GameMaker's do,
// and half a surrogate pair counts as U+FFFD. Positions begin at 1.

import { cutFraction } from '../buffer/cutFraction.ts'
import { loadUtf8, untilNul, utf8Size } from '../buffer/utf8.ts'
import { checkText } from './checkText.ts'
import { type GmlNumber } from './GmlNumber.ts'
import { toNumber } from './toNumber.ts'

const encoder = /* @__PURE__ */ new TextEncoder()

/** The bytes of a string in UTF-8, up to its first NUL. Throws a `TypeError` unless it is a string. */
export function bytesOfString(
  where: string,
  name: string,
  value: unknown,
): Uint8Array<ArrayBuffer> {
  return encoder.encode(untilNul(checkText(where, name, value)))
}

/** The string of bytes in UTF-8, up to the first NUL. Malformed bytes become U+FFFD. */
export function stringOfBytes(bytes: Uint8Array): string {
  return untilNul(loadUtf8(bytes, 0, bytes.length))
}

/**
 * How many bytes a string takes in UTF-8, without the NUL behind it: what `buffer_text` writes, and one less than
 * `buffer_string` does.
 *
 * @throws TypeError for what is not a string
 */
export function string_byte_length(string: string): number {
  return utf8Size(untilNul(checkText('string_byte_length', 'string', string)))
}

/**
 * A byte of a string.
 *
 * @param index from 1; brought inside, as in the HTML5 runner
 * @returns 0..255; 0 for the empty string
 * @throws TypeError for what is not a string and a number; RangeError for an index that is not finite
 */
export function string_byte_at(str: string, index: GmlNumber): number {
  const where = 'string_byte_at'
  const bytes = bytesOfString(where, 'str', str)
  const at = cutFraction(where, 'index', toNumber(where, 'index', index)) - 1
  return bytes[Math.min(Math.max(at, 0), bytes.length - 1)] ?? 0
}

/**
 * A copy of a string with another byte at a position. What is not UTF-8 then becomes U+FFFD, and behind a byte of 0 the
 * copy ends.
 *
 * @param pos from 1
 * @param byte its low 8 bits count
 * @throws TypeError for what is not a string and two numbers; RangeError for a position outside the string, and for numbers
 *   that are not finite
 */
export function string_set_byte_at(str: string, pos: GmlNumber, byte: GmlNumber): string {
  const where = 'string_set_byte_at'
  const bytes = bytesOfString(where, 'str', str)
  const at = cutFraction(where, 'pos', toNumber(where, 'pos', pos)) - 1
  const value = cutFraction(where, 'byte', toNumber(where, 'byte', byte))
  if (at < 0 || at >= bytes.length)
    throw new RangeError(`${where}: pos must be in 1..${bytes.length}, got ${at + 1}`)
  bytes[at] = value
  return stringOfBytes(bytes)
}
