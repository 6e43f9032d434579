import { MessageType } from '../../constants/MessageType.ts'
import {
  endOfFrame,
  headerBytesOf,
  lastFrame,
  maskBytes,
  Opcode,
  writeFrameHeader,
} from './frameHeader.ts'

/**
 * Largest payload of a frame. A larger message becomes several frames: what has left of it shows, and a pong need not
 * wait for its end.
 */
const payloadBytesMax = 256 * 1024

/** Largest frame, with header and mask. */
export const frameBytesMax: number = payloadBytesMax + 14

/** Largest reason in a close frame: a control frame has 125 bytes (RFC 6455 section 5.5). */
const reasonBytesMax = 123

/** Returns an unpredictable number of 32 bits for each frame (RFC 6455 section 5.3). */
export type NextMask = () => number

/** Makes frames of messages, in place, and control frames. */
export class WebSocketFraming {
  readonly isRepeatable: boolean
  readonly #nextMask: NextMask | undefined
  readonly #maskBytes: number

  /** @param nextMask clients must mask; servers must not */
  constructor(nextMask?: NextMask) {
    this.isRepeatable = nextMask === undefined
    this.#nextMask = nextMask
    this.#maskBytes = nextMask === undefined ? 0 : maskBytes
  }

  /** Bytes that a message of `size` bytes takes with its frames. */
  framedBytes(size: number): number {
    if (size <= payloadBytesMax) return headerBytesOf(size) + this.#maskBytes + size
    const whole = Math.ceil(size / payloadBytesMax) - 1
    const rest = size - whole * payloadBytesMax
    return whole * this.framedBytes(payloadBytesMax) + this.framedBytes(rest)
  }

  /** Frames a message in place: its `size` bytes stand at the end of the `framedBytes(size)` bytes from `at` on. */
  frame(bytes: Uint8Array, at: number, size: number, type: MessageType): void {
    const opcode = type === MessageType.text ? Opcode.text : Opcode.binary
    if (size <= payloadBytesMax) this.#writeFrame(bytes, at, lastFrame | opcode, size)
    else this.#writeFragments(bytes, at, size, opcode)
  }

  /** A frame of its own, such as a pong, with a payload of at most 125 bytes. */
  control(opcode: number, payload: Uint8Array): Uint8Array {
    const size = payload.length
    const bytes = new Uint8Array(this.framedBytes(size))
    bytes.set(payload, bytes.length - size)
    this.#writeFrame(bytes, 0, lastFrame | opcode, size)
    return bytes
  }

  /** A close frame with a code and a reason of at most 123 bytes. */
  close(code: number, reason: string = ''): Uint8Array {
    const text = new TextEncoder().encode(reason).subarray(0, reasonBytesMax)
    return this.control(Opcode.close, Uint8Array.of(code >>> 8, code, ...text))
  }

  /** The payload stands behind the room for all headers: each part moves to the front, behind its own. */
  #writeFragments(bytes: Uint8Array, at: number, size: number, opcode: number): void {
    const end = at + this.framedBytes(size)
    let from = end - size
    let first = opcode
    while (from < end) {
      const part = Math.min(end - from, payloadBytesMax)
      bytes.copyWithin(at + headerBytesOf(part) + this.#maskBytes, from, from + part)
      from += part
      if (from === end) first |= lastFrame
      this.#writeFrame(bytes, at, first, part)
      at = endOfFrame(bytes, at)
      first = Opcode.continuation
    }
  }

  /** Writes the header in front of a payload that is in its place, and masks it. */
  #writeFrame(bytes: Uint8Array, at: number, first: number, size: number): void {
    const nextMask = this.#nextMask
    const end = writeFrameHeader(bytes, at, first, size, nextMask !== undefined)
    if (nextMask !== undefined) applyMask(bytes, end, size, nextMask())
  }
}

/** Writes a mask and masks the `size` bytes behind it. */
function applyMask(bytes: Uint8Array, at: number, size: number, mask: number): void {
  const first = mask >>> 24
  const second = mask >>> 16
  const third = mask >>> 8
  bytes[at] = first
  bytes[at + 1] = second
  bytes[at + 2] = third
  bytes[at + 3] = mask
  const end = at + maskBytes + size
  let index = at + maskBytes
  for (; index + 4 <= end; index += 4) {
    bytes[index]! ^= first
    bytes[index + 1]! ^= second
    bytes[index + 2]! ^= third
    bytes[index + 3]! ^= mask
  }
  // A fourth byte is not left.
  if (index < end) bytes[index]! ^= first
  if (index + 1 < end) bytes[index + 1]! ^= second
  if (index + 2 < end) bytes[index + 2]! ^= third
}
