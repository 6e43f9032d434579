// UTF-8 in and out of byte ranges. Short ASCII text, the usual kind on a wire, goes byte by byte, because a
// call of the platform's encoder or decoder costs more than the text.

import { joinSurrogates } from './joinSurrogates.ts'

const encoder = /* @__PURE__ */ new TextEncoder()
// Malformed bytes become U+FFFD; a byte order mark is text like any other.
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

// Up to here the loops below are the faster way (measured on Node 20).
const shortTextBytes = 16
const nearBytes = 32

/** A text up to its first NUL: no more of it could be read, and what stands behind it would be read as its rest. */
export function untilNul(text: string): string {
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}

/** The bytes of a text in UTF-8. A lone surrogate counts as U+FFFD. */
export function utf8Size(text: string): number {
  let size = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) size += 1
    else if (isPair(text, i, unit)) {
      // Two units make four bytes.
      size += 2
      i += 1
    } else size += 2
  }
  return size
}

function isPair(text: string, i: number, unit: number): boolean {
  if (unit < 0xd800 || unit > 0xdbff) return false
  const next = text.charCodeAt(i + 1)
  return next >= 0xdc00 && next <= 0xdfff
}

/** Stores a text of which `utf8Size` is known at `at`. */
export function storeUtf8(bytes: Uint8Array, at: number, text: string, size: number): void {
  if (size === text.length && size <= shortTextBytes)
    for (let i = 0; i < size; i++) bytes[at + i] = text.charCodeAt(i)
  else encoder.encodeInto(text, bytes.subarray(at, at + size))
}

/** A text as bytes of its own, with so many NUL bytes behind it. */
export function encodeUtf8(text: string, nuls: number): Uint8Array {
  const size = utf8Size(text)
  const bytes = new Uint8Array(size + nuls)
  storeUtf8(bytes, 0, text, size)
  return bytes
}

/** The text of the bytes from `from` up to `to`. Pairs of surrogates of three bytes each are one character. */
export function loadUtf8(bytes: Uint8Array, from: number, to: number): string {
  const text = to - from <= shortTextBytes ? loadAscii(bytes, from, to) : undefined
  return text ?? decode(bytes.subarray(from, to))
}

function decode(bytes: Uint8Array): string {
  const text = decoder.decode(bytes)
  // Surrogates are malformed in UTF-8, so a text without this sign has none.
  return text.includes('\ufffd') ? decoder.decode(joinSurrogates(bytes)) : text
}

/** `undefined` when there is more than ASCII. */
function loadAscii(bytes: Uint8Array, from: number, to: number): string | undefined {
  let text = ''
  let at = from
  // Four at a time, because joining strings is what costs.
  for (; at + 4 <= to; at += 4) {
    const a = bytes[at] ?? 0
    const b = bytes[at + 1] ?? 0
    const c = bytes[at + 2] ?? 0
    const d = bytes[at + 3] ?? 0
    if ((a | b | c | d) > 0x7f) return undefined
    text += String.fromCharCode(a, b, c, d)
  }
  for (; at < to; at++) {
    const byte = bytes[at] ?? 0
    if (byte > 0x7f) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}

/** The same text with pairs of surrogates as UTF-8 has them, and each malformed byte as U+FFFD. */
export function toUtf8(bytes: Uint8Array): Uint8Array {
  return encoder.encode(decode(bytes))
}

/** Where the first NUL byte of a range stands, or `to`. */
export function findNul(bytes: Uint8Array, from: number, to: number): number {
  const near = Math.min(to, from + nearBytes)
  for (let at = from; at < near; at++) if (bytes[at] === 0) return at
  if (near === to) return to
  const found = bytes.subarray(near, to).indexOf(0)
  return found < 0 ? to : near + found
}
