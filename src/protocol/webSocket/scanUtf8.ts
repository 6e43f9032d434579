// UTF-8 (RFC 3629 section 4) in pieces that may be cut anywhere. Between pieces a number keeps what must follow:
//
//   bits 0..1     how many bytes the character lacks
//   bits 8..15    the lowest byte that may come next
//   bits 16..23   the highest

/** Before a text, and between two characters. */
export const wholeUtf8 = 0

/** The bytes cannot be the beginning of a text. */
export const invalidUtf8 = -1

/**
 * Checks the next piece of a text.
 *
 * @param state what was returned for the piece before it, or {@link wholeUtf8}
 * @returns {@link wholeUtf8} if it ends with a whole character, {@link invalidUtf8} if it is wrong
 */
export function scanUtf8(state: number, bytes: Uint8Array, at: number, end: number): number {
  while (at < end) {
    const byte = bytes[at]!
    at++
    if (state !== wholeUtf8) state = afterContinuation(state, byte)
    else if (byte >= 0x80) state = afterFirst(byte)
    if (state === invalidUtf8) return invalidUtf8
  }
  return state
}

/** What must follow the first byte of a character that has more. */
function afterFirst(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return invalidUtf8
  if (byte < 0xe0) return lacking(1, 0x80, 0xbf)
  // Shorter forms, surrogates and what is above U+10FFFF are not allowed.
  if (byte === 0xe0) return lacking(2, 0xa0, 0xbf)
  if (byte === 0xed) return lacking(2, 0x80, 0x9f)
  if (byte < 0xf0) return lacking(2, 0x80, 0xbf)
  if (byte === 0xf0) return lacking(3, 0x90, 0xbf)
  if (byte === 0xf4) return lacking(3, 0x80, 0x8f)
  return lacking(3, 0x80, 0xbf)
}

function afterContinuation(state: number, byte: number): number {
  if (byte < ((state >>> 8) & 0xff) || byte > state >>> 16) return invalidUtf8
  const count = (state & 3) - 1
  return count === 0 ? wholeUtf8 : lacking(count, 0x80, 0xbf)
}

function lacking(count: number, lowest: number, highest: number): number {
  return count | (lowest << 8) | (highest << 16)
}
