// UTF-8 that holds every JavaScript text, also one with half a surrogate pair: that is three bytes, as the HTML5 runner
// writes it. In UTF-8 proper it would be U+FFFD, and texts that differ would be the same.

const encoder = /* @__PURE__ */ new TextEncoder()
// A byte order mark is text like any other.
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

/** The bytes of a text. */
export function encodeText(text: string): Uint8Array {
  // With the flag u only lone surrogates match.
  const parts = text.split(/([\ud800-\udfff])/u)
  if (parts.length === 1) return encoder.encode(text)
  // Every second part is a surrogate.
  const bytes = parts.flatMap((part, index) =>
    index % 2 === 0 ? Array.from(encoder.encode(part)) : surrogateBytes(part.charCodeAt(0)),
  )
  return Uint8Array.from(bytes)
}

function surrogateBytes(unit: number): number[] {
  return [0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]
}

/** The text of bytes. What is not UTF-8 becomes U+FFFD, except surrogates of three bytes. */
export function decodeText(bytes: Uint8Array): string {
  const parts: string[] = []
  let from = 0
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    const second = bytes[at + 1] ?? 0
    const third = bytes[at + 2] ?? 0
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue
    parts.push(decoder.decode(bytes.subarray(from, at)))
    parts.push(String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)))
    from = at + 3
  }
  parts.push(decoder.decode(bytes.subarray(from)))
  return parts.join('')
}
