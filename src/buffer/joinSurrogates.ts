// CESU-8, as GameMaker's HTML5 runner writes it: a character above U+FFFF is its two surrogates, of three bytes each. With
// g = h + 0x40 its four bytes of UTF-8 are those of 0x10000 + (h << 10) + l.
//
//   1110 1101  1010 hhhh  10hh hhhh    the high surrogate, U+D800 + h
//   1110 1101  1011 llll  10ll llll    the low surrogate, U+DC00 + l
//
//   1111 0ggg  10gg gggg  10gg llll  10ll llll

/** The same bytes with each pair of surrogates as the four bytes of UTF-8. A surrogate without its other half stays. */
export function joinSurrogates(bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(bytes.length)
  let size = 0
  for (let at = 0; at < bytes.length; at++) {
    const high = surrogateBits(bytes, at, 0xa0)
    const low = high < 0 ? high : surrogateBits(bytes, at + 3, 0xb0)
    if (low >= 0) {
      const g = high + 0x40
      joined[size++] = 0xf0 | (g >> 8)
      joined[size++] = 0x80 | ((g >> 2) & 0x3f)
      joined[size++] = 0x80 | ((g & 3) << 4) | (low >> 6)
      at += 5
    }
    // Of a pair it is the last byte, which is the same in both forms.
    joined[size++] = bytes[at]!
  }
  return joined.subarray(0, size)
}

/** The ten bits of a surrogate whose second byte begins as `half` does; -1 if there is none. */
function surrogateBits(bytes: Uint8Array, at: number, half: number): number {
  const second = bytes[at + 1]! ^ half
  const third = bytes[at + 2]! ^ 0x80
  return bytes[at] === 0xed && second < 0x10 && third < 0x40 ? (second << 6) | third : -1
}
