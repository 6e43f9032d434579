// CESU-8, as GameMaker's HTML5 runner writes it: a character above U+FFFF is its two surrogates, of three bytes each.
//
//   1110 1101  1010 hhhh  10hh hhhh    the high surrogate, U+D800 + h
//   1110 1101  1011 llll  10ll llll    the low surrogate, U+DC00 + l

/** The same bytes with each pair of surrogates as the four bytes of UTF-8. A surrogate without its other half stays. */
export function joinSurrogates(bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(bytes.length)
  let size = 0
  for (let at = 0; at < bytes.length; at++) {
    const high = surrogateBits(bytes, at, 0xa0)
    const low = high < 0 ? high : surrogateBits(bytes, at + 3, 0xb0)
    if (low < 0) joined[size++] = bytes[at] ?? 0
    else {
      const code = 0x1_0000 + (high << 10) + low
      joined[size++] = 0xf0 | (code >> 18)
      for (const shift of [12, 6, 0]) joined[size++] = 0x80 | ((code >> shift) & 0x3f)
      at += 5
    }
  }
  return joined.subarray(0, size)
}

/** The ten bits of a surrogate whose second byte begins as `half` does; -1 if there is none. */
function surrogateBits(bytes: Uint8Array, at: number, half: number): number {
  const second = (bytes[at + 1] ?? 0) ^ half
  const third = (bytes[at + 2] ?? 0) ^ 0x80
  return bytes[at] === 0xed && second < 0x10 && third < 0x40 ? (second << 6) | third : -1
}
