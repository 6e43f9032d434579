// UTF-8 in pieces that may be cut anywhere: what may follow is a state, and each byte leads to the next.

/** Before a text, and between two characters. */
export const wholeUtf8 = 0

/** The bytes cannot be the beginning of a text. */
export const invalidUtf8 = 1

/** The state after each byte in each state. */
const nextStates = /* @__PURE__ */ createStates()

/**
 * Checks the next piece of a text.
 *
 * @param state what was returned for the piece before it, or {@link wholeUtf8}
 * @returns {@link wholeUtf8} if it ends with a whole character, {@link invalidUtf8} if it is wrong
 */
export function scanUtf8(state: number, view: DataView, at: number, end: number): number {
  while (at < end) {
    const byte = view.getUint8(at)
    at++
    if (state === wholeUtf8 && byte < 0x80) at = skipAscii(view, at, end)
    else {
      state = nextStates[(state << 8) | byte]!
      if (state === invalidUtf8) break
    }
  }
  return state
}

/** Where the ASCII that begins at `at` ends, or up to seven bytes before that. */
function skipAscii(view: DataView, at: number, end: number): number {
  for (; at + 8 <= end; at += 8)
    if (((view.getInt32(at) | view.getInt32(at + 4)) & 0x80_80_80_80) !== 0) break
  return at
}

/** By RFC 3629 section 4: no form that is longer than needed, no surrogates, nothing above U+10FFFF. */
function createStates(): Uint8Array {
  const lacksOne = 2
  const lacksTwo = 3
  const lacksThree = 4
  const afterE0 = 5
  const afterED = 6
  const afterF0 = 7
  const afterF4 = 8
  const states = new Uint8Array(9 * 256).fill(invalidUtf8)
  const add = (from: number, lowest: number, highest: number, to: number): void => {
    states.fill(to, from * 256 + lowest, from * 256 + highest + 1)
  }
  add(wholeUtf8, 0x00, 0x7f, wholeUtf8)
  add(wholeUtf8, 0xc2, 0xdf, lacksOne)
  add(wholeUtf8, 0xe0, 0xef, lacksTwo)
  add(wholeUtf8, 0xe0, 0xe0, afterE0)
  add(wholeUtf8, 0xed, 0xed, afterED)
  add(wholeUtf8, 0xf0, 0xf4, lacksThree)
  add(wholeUtf8, 0xf0, 0xf0, afterF0)
  add(wholeUtf8, 0xf4, 0xf4, afterF4)
  add(lacksOne, 0x80, 0xbf, wholeUtf8)
  add(lacksTwo, 0x80, 0xbf, lacksOne)
  add(lacksThree, 0x80, 0xbf, lacksTwo)
  add(afterE0, 0xa0, 0xbf, lacksOne)
  add(afterED, 0x80, 0x9f, lacksOne)
  add(afterF0, 0x90, 0xbf, lacksTwo)
  add(afterF4, 0x80, 0x8f, lacksTwo)
  return states
}
