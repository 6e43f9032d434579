import { MessageType } from '../../constants/MessageType.ts'

// RFC 6455 section 5.2:
//
//   byte 0      0x80 if it is the last frame of its message, and the opcode
//   byte 1      0x80 if it is masked, and the length: 0..125, 126 or 127
//   2 or 8 more for 126 or 127: the length, big-endian
//   4 more      if it is masked: the mask
//   the payload

const opcodes = { [MessageType.text]: 1, [MessageType.binary]: 2 }
const continuation = 0
const closing = 8
const lastFrame = 0x80
const masked = 0x80

/**
 * Largest payload of a frame. A larger message becomes several frames: what has left of it shows, and a pong need not
 * wait for its end.
 */
const payloadBytesMax = 256 * 1024

/** Largest chunk: the largest frame, with header and mask. */
const chunkBytesMax = payloadBytesMax + 14

/** Up to this size, bytes copied one by one are faster than `set` with its view. */
const loopBytesMax = 48

/** Messages that stand back to back: where each ends, and what it is. */
interface MessageLimits {
  readonly ends: readonly number[]
  readonly types: readonly MessageType[]
}

/** Gives an unpredictable number of 32 bits for each frame (RFC 6455 section 5.3). */
export type NextMask = () => number

/**
 * The frames of messages, in chunks of whole frames: one chunk, unless they are large.
 *
 * @param bytes the messages, back to back
 * @param nextMask clients must mask; servers must not, and give none
 */
export function encodeFrames(
  bytes: Uint8Array,
  { ends, types }: MessageLimits,
  nextMask?: NextMask,
): Uint8Array[] {
  const maskBytes = nextMask === undefined ? 0 : 4
  const chunks: Uint8Array[] = []
  let left = sizeOfFrames(ends, maskBytes)
  let chunk = allocate(left)
  let at = 0
  let start = 0
  for (let index = 0; index < ends.length; index++) {
    const end = ends[index]!
    let opcode: number = opcodes[types[index]!]
    do {
      const size = Math.min(end - start, payloadBytesMax)
      if (at + headerSize(size) + maskBytes + size > chunk.length) {
        chunks.push(chunk.subarray(0, at))
        left -= at
        chunk = allocate(left)
        at = 0
      }
      const isLast = start + size === end
      at = writeHeader(chunk, at, (isLast ? lastFrame : 0) | opcode, size, maskBytes)
      if (nextMask === undefined) copy(bytes, start, size, chunk, at)
      else at = copyMasked(bytes, start, size, chunk, at, nextMask())
      at += size
      start += size
      opcode = continuation
    } while (start < end)
  }
  chunks.push(chunk)
  return chunks
}

/** A close frame that tells a code and no reason. */
export function encodeClose(code: number, nextMask?: NextMask): Uint8Array {
  const payload = Uint8Array.of(code >>> 8, code & 255)
  const maskBytes = nextMask === undefined ? 0 : 4
  const frame = new Uint8Array(2 + maskBytes + 2)
  const at = writeHeader(frame, 0, lastFrame | closing, 2, maskBytes)
  if (nextMask === undefined) frame.set(payload, at)
  else copyMasked(payload, 0, 2, frame, at, nextMask())
  return frame
}

function sizeOfFrames(ends: readonly number[], maskBytes: number): number {
  let total = 0
  let start = 0
  for (const end of ends) {
    const size = end - start
    const whole = Math.max(0, Math.ceil(size / payloadBytesMax) - 1)
    const rest = size - whole * payloadBytesMax
    total += size + whole * (10 + maskBytes) + headerSize(rest) + maskBytes
    start = end
  }
  return total
}

function headerSize(size: number): 2 | 4 | 10 {
  if (size < 126) return 2
  return size < 65_536 ? 4 : 10
}

/** Every byte of it will be written. */
function allocate(left: number): Uint8Array {
  return new Uint8Array(Math.min(left, chunkBytesMax))
}

/** Writes what stands before the mask; returns where that is. */
function writeHeader(
  target: Uint8Array,
  at: number,
  first: number,
  size: number,
  maskBytes: number,
): number {
  const flag = maskBytes === 0 ? 0 : masked
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

function copy(from: Uint8Array, start: number, size: number, to: Uint8Array, at: number): void {
  if (size > loopBytesMax) to.set(from.subarray(start, start + size), at)
  else for (let index = 0; index < size; index++) to[at + index] = from[start + index]!
}

/** Writes the mask and the masked payload; returns where the payload is. */
function copyMasked(
  from: Uint8Array,
  start: number,
  size: number,
  to: Uint8Array,
  at: number,
  mask: number,
): number {
  const key = [mask >>> 24, (mask >>> 16) & 255, (mask >>> 8) & 255, mask & 255]
  to.set(key, at)
  const payload = at + 4
  for (let index = 0; index < size; index++)
    to[payload + index] = from[start + index]! ^ key[index & 3]!
  return payload
}
