import { type Draw } from './Draw.ts'

/** Changes a few things in bytes, which stay as they are. */
export function mutate(input: Uint8Array, draw: Draw, tokens: readonly Uint8Array[]): Uint8Array {
  let bytes = input
  for (let left = 1 + draw.below(3); left > 0; left--) bytes = mutateOnce(bytes, draw, tokens)
  return bytes
}

function mutateOnce(bytes: Uint8Array, draw: Draw, tokens: readonly Uint8Array[]): Uint8Array {
  const at = draw.below(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + draw.size(64))
  switch (draw.below(10)) {
    case 0:
    case 1:
      return replace(bytes, at, at + 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << draw.below(8))))
    case 2:
      return replace(bytes, at, at + 1, Uint8Array.of(draw.byte()))
    case 3:
      return overwrite(bytes, at, wordOf(draw))
    case 4:
      return replace(bytes, at, end, new Uint8Array(0))
    case 5:
      return insert(bytes, draw.below(bytes.length + 1), bytes.slice(at, end))
    case 6:
      return insert(bytes, at, draw.bytes(1 + draw.below(8)))
    case 7:
    case 8:
      return tokens.length === 0
        ? bytes.slice(0, at)
        : replace(bytes, at, draw.isLucky(0.5) ? at : end, draw.one(tokens))
    default:
      return bytes.slice(0, at)
  }
}

/** A number in one of the ways that formats write one. */
function wordOf(draw: Draw): Uint8Array {
  const bytes = new Uint8Array(draw.one([2, 4, 8]))
  const view = new DataView(bytes.buffer)
  const isLittle = draw.isLucky(0.6)
  if (bytes.length === 2) view.setUint16(0, draw.word(), isLittle)
  else view.setUint32(isLittle ? 0 : bytes.length - 4, draw.word(), isLittle)
  return bytes
}

const overwrite = (bytes: Uint8Array, at: number, news: Uint8Array): Uint8Array =>
  replace(bytes, at, at + news.length, news)

const insert = (bytes: Uint8Array, at: number, news: Uint8Array): Uint8Array =>
  replace(bytes, at, at, news)

/** With `news` in the place of `[at, end)`. */
function replace(bytes: Uint8Array, at: number, end: number, news: Uint8Array): Uint8Array {
  const rest = bytes.subarray(end)
  const changed = new Uint8Array(at + news.length + rest.length)
  changed.set(bytes.subarray(0, at))
  changed.set(news, at)
  changed.set(rest, at + news.length)
  return changed
}
