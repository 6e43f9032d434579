// What the header of a frame that arrives must be, judged as soon as enough of it is there and before anything is
// allocated for it.

import { FaultCode } from './closeCodes.ts'
import {
  headerBytesAt,
  lastFrame,
  lengthBytes,
  masked,
  Opcode,
  payloadBytesAt,
} from './frameHeader.ts'

/** A message in tiny fragments costs much more than its bytes. */
const fragmentsMax = 1_024

const reserved = 0x70
const controlBytesMax = 125

/** What the rules depend on. */
export interface HeaderContext {
  /** Whether frames must be masked, as those of clients; else they must not. */
  readonly isMasked: boolean
  /** Limit of all fragments of a message together. */
  readonly messageBytesMax: number
  /** Of the message that has begun, 0 between messages. */
  readonly opcode: number
  /** Payload bytes that the frames of this message have announced. */
  readonly announced: number
  /** Frames of this message. */
  readonly fragments: number
}

/** Judges the part of a header that stands in `bytes[at..end)`. Returns 0 if nothing is wrong so far. */
export function faultOfHeader(
  context: HeaderContext,
  bytes: Uint8Array,
  at: number,
  end: number,
): FaultCode | 0 {
  if (end - at < 2) return 0
  const first = bytes[at]!
  const second = bytes[at + 1]!
  if ((first & reserved) !== 0 || second >= masked !== context.isMasked) return FaultCode.protocol
  const opcode = first & 0x0f
  const length = second & ~masked
  if (opcode >= Opcode.close)
    return first >= lastFrame && isControl(opcode, length) ? 0 : FaultCode.protocol
  const isExpected =
    context.opcode === 0
      ? opcode === Opcode.text || opcode === Opcode.binary
      : opcode === Opcode.continuation
  if (!isExpected) return FaultCode.protocol
  if (end - at < 2 + lengthBytes(length)) return 0
  if (context.announced + payloadBytesAt(bytes, at) > context.messageBytesMax)
    return FaultCode.tooLarge
  return context.fragments < fragmentsMax ? 0 : FaultCode.policy
}

/**
 * Bytes that must be there before the frame at `at` can be handled: its header, of a control frame all of it. It is a part
 * of that while the second byte is not there.
 */
export function neededBytes(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 2) return 2
  const header = headerBytesAt(bytes, at)
  return (bytes[at]! & 0x0f) < Opcode.close ? header : header + (bytes[at + 1]! & ~masked)
}

/** Whether there is such a control frame. A close frame has no payload, or a code. */
function isControl(opcode: number, length: number): boolean {
  return (
    opcode <= Opcode.pong && length <= controlBytesMax && (opcode !== Opcode.close || length !== 1)
  )
}
