/** A message that is a small part of a chunk above this size does not keep it in memory. */
const chunkBytesMax = 4_096
const smallPart = 1 / 8

/** The bytes in `[at..end)` of a chunk: a view, or a copy where a view would keep much more in memory. */
export function ownBytes({ buffer, byteOffset }: Uint8Array, at: number, end: number): Uint8Array {
  const bytes = new Uint8Array(buffer, byteOffset + at, end - at)
  const { byteLength } = buffer
  const isSmall = byteLength > chunkBytesMax && bytes.length < byteLength * smallPart
  return isSmall ? new Uint8Array(bytes) : bytes
}
