// The header before each packet (docs/protocol.md, "Packet").
//
//   offset  type  value
//   0       u32   DEADC0DE
//   4       u32   12, the header's own size
//   8       u32   payload bytes, the header not counted
//
// Integers are little-endian.

/** Bytes of a packet header. */
export const headerBytes = 12

/** The first word as a signed integer: V8 compares small integers without a heap number. */
const magic = 0xdeadc0de | 0

/** The bytes of the first two words, which are the same in every header. */
const headerStart: Uint8Array = Uint8Array.of(0xde, 0xc0, 0xad, 0xde, headerBytes, 0, 0, 0)

/** Writes the header of a packet with `size` payload bytes. */
export function writeHeader(view: DataView, at: number, size: number): void {
  view.setInt32(at, magic, true)
  view.setInt32(at + 4, headerBytes, true)
  view.setInt32(at + 8, size, true)
}

/** Whether a header stands at `at`. Twelve bytes must be there. */
export function isHeader(view: DataView, at: number): boolean {
  return view.getInt32(at, true) === magic && view.getInt32(at + 4, true) === headerBytes
}

/** The payload size that the header at `at` announces. */
export function payloadSize(view: DataView, at: number): number {
  return view.getUint32(at + 8, true)
}

/**
 * Whether `bytes[at..end)` is one whole packet. Asked of the bytes, since a view costs more than it saves where a chunk has
 * one packet.
 */
export function isOnePacket(bytes: Uint8Array, at: number, end: number): boolean {
  const size = end - at - headerBytes
  return (
    size >= 0 &&
    bytes[at + 8] === (size & 0xff) &&
    bytes[at + 9] === ((size >>> 8) & 0xff) &&
    bytes[at + 10] === ((size >>> 16) & 0xff) &&
    bytes[at + 11] === size >>> 24 &&
    canBeHeader(bytes, at, headerBytes)
  )
}

/** Whether `count` bytes, at most 12, can be the beginning of a header. */
export function canBeHeader(bytes: Uint8Array, at: number, count: number): boolean {
  const fixed = Math.min(count, headerStart.length)
  for (let index = 0; index < fixed; index++)
    if (bytes[at + index] !== headerStart[index]) return false
  return true
}
