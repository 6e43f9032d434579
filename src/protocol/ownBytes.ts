// When bytes of a chunk are copied, so that a small part does not keep a large chunk in memory.

/** What is a small part of a chunk above this size does not keep it in memory. */
const chunkBytesMax = 4_096
const smallPart = 1 / 8

/** The bytes in `[at..end)` of a chunk: a view, or a copy where a view would keep much more in memory. */
export function ownBytes(chunk: Uint8Array, at: number, end: number): Uint8Array {
  const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset + at, end - at)
  return isSmallPart(chunk, end - at) ? new Uint8Array(bytes) : bytes
}

/** Whether a view of `size` bytes would keep much more in memory. */
export function isSmallPart({ buffer }: Uint8Array, size: number): boolean {
  return buffer.byteLength > chunkBytesMax && size < buffer.byteLength * smallPart
}
