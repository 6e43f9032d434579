// The header of a WebSocket frame (RFC 6455 section 5.2):
//
//   byte 0      0x80 if it is the last frame of its message, and the opcode
//   byte 1      0x80 if it is masked, and the length: 0..125, 126 or 127
//   2 or 8 more for 126 or 127: the length, big-endian
//   4 more      if it is masked: the mask
//   the payload

/** What a frame is. */
export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** Added to the opcode in the last frame of a message, which may be its only one. */
export const lastFrame = 0x80

/** Added to the length in frames with a mask. */
export const masked = 0x80

/** Bytes of a mask. */
export const maskBytes = 4

/** Bytes of the header in front of a payload of `size` bytes, without the mask. */
export function headerBytesOf(size: number): 2 | 4 | 10 {
  if (size < 126) return 2
  return size < 65_536 ? 4 : 10
}

/** Writes a header, without the mask. Returns where it ends. */
export function writeFrameHeader(
  target: Uint8Array,
  at: number,
  first: number,
  size: number,
  isMasked: boolean,
): number {
  const flag = isMasked ? masked : 0
  target[at] = first
  if (size < 126) {
    target[at + 1] = flag | size
    return at + 2
  }
  if (size < 65_536) {
    target[at + 1] = flag | 126
    target[at + 2] = size >>> 8
    target[at + 3] = size
    return at + 4
  }
  target[at + 1] = flag | 127
  // Frames are shorter than 2 ** 32 bytes.
  target.fill(0, at + 2, at + 6)
  target[at + 6] = size >>> 24
  target[at + 7] = size >>> 16
  target[at + 8] = size >>> 8
  target[at + 9] = size
  return at + 10
}

/** Where the frame that begins at `at` ends. Its header must be there. */
export function endOfFrame(bytes: Uint8Array, at: number): number {
  return at + headerBytesAt(bytes, at) + payloadBytesAt(bytes, at)
}

/** Bytes of the header at `at`, with its mask. Two of them must be there. */
export function headerBytesAt(bytes: Uint8Array, at: number): number {
  const second = bytes[at + 1]!
  return 2 + lengthBytes(second & ~masked) + (second < masked ? 0 : maskBytes)
}

/**
 * Payload bytes that a header announces. The length need not be written in the shortest way; above 2 ** 53 it is not
 * exact.
 */
export function payloadBytesAt(bytes: Uint8Array, at: number): number {
  const length = bytes[at + 1]! & ~masked
  if (length < 126) return length
  if (length === 126) return (bytes[at + 2]! << 8) | bytes[at + 3]!
  return (wordAt(bytes, at + 2) >>> 0) * 2 ** 32 + (wordAt(bytes, at + 6) >>> 0)
}

/** Bytes of the extended length. */
export function lengthBytes(length: number): 0 | 2 | 8 {
  if (length < 126) return 0
  return length === 126 ? 2 : 8
}

/** The big-endian word at `at`, with its sign. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

/** Where the payload of a frame begins. */
export function frameStart(bytes: Uint8Array, at: number): number {
  const second = bytes[at + 1]!
  return at + ((second & ~masked) === 126 ? 4 : 2) + (second < masked ? 0 : maskBytes)
}

/** Where a frame ends whose payload begins at `start`. */
export function frameEnd(bytes: Uint8Array, at: number, start: number): number {
  const length = bytes[at + 1]! & ~masked
  return start + (length < 126 ? length : (bytes[at + 2]! << 8) | bytes[at + 3]!)
}
