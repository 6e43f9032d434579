// The datagrams of reliable UDP (docs/protocol.md, "Reliable UDP"). Integers are little-endian.
//
//   offset  type  value
//   0       u32   CRC-32 of "BNR1" and of all that follows this word
//   4       u32   session of the data
//   8       u16   sequence number, wrapping
//   10      u16   part: what this datagram is of its message, or which others have arrived
//   12            payload, at most 1,188 bytes
//
//   part of data             bits 0-12 index in the message, bit 13 opening, bit 14 last, bit 15 zero
//   part of acknowledgement  bits 0-14 whether sequence - 1 - n has arrived, bit 15 one

import { viewOf } from '../../buffer/BufferMemory.ts'
import { crc32 } from '../../buffer/crc32.ts'

/** Bytes before the payload. */
const reliableHeaderBytes = 12
/** Bytes of payload in each datagram of a message but the last. */
export const fragmentBytes = 1_188
/** Datagrams of a message. */
export const fragmentsMax = 8_192
/** Other datagrams that an acknowledgement can tell of. */
export const ackBits = 15

const openingBit = 1 << 13
const lastBit = 1 << 14
const ackBit = 1 << 15

/** CRC-32 of the protocol's name. */
const protocolCrc: number = /* @__PURE__ */ crc32(0, Uint8Array.of(0x42, 0x4e, 0x52, 0x31), 0)

/** What has arrived. Sequence numbers are of 16 bits. */
export type ReliableDatagram = ReliableData | ReliableAck

/** A message, or a part of one. */
export interface ReliableData {
  readonly kind: 'data'
  readonly session: number
  readonly sequence: number
  /** Which part of its message it is. */
  readonly index: number
  /** The sender has not heard of this session from the other end yet. */
  readonly isOpening: boolean
  readonly isLast: boolean
  readonly payload: Uint8Array
}

export interface ReliableAck {
  readonly kind: 'ack'
  readonly session: number
  readonly sequence: number
  /** Bit n: `sequence` − 1 − n has arrived too. */
  readonly bits: number
}

/** Reads a datagram; `undefined` for one that is not of this protocol, or was damaged. */
export function readReliable(bytes: Uint8Array): ReliableDatagram | undefined {
  if (bytes.length < reliableHeaderBytes || bytes.length > reliableHeaderBytes + fragmentBytes)
    return undefined
  const view = viewOf(bytes)
  if (view.getUint32(0, true) !== crc32(protocolCrc, bytes, 4)) return undefined
  const session = view.getUint32(4, true)
  const sequence = view.getUint16(8, true)
  const part = view.getUint16(10, true)
  if ((part & ackBit) !== 0) {
    if (bytes.length > reliableHeaderBytes) return undefined
    return { kind: 'ack', session, sequence, bits: part & ~ackBit }
  }
  return {
    kind: 'data',
    session,
    sequence,
    index: part & (openingBit - 1),
    isOpening: (part & openingBit) !== 0,
    isLast: (part & lastBit) !== 0,
    payload: bytes.subarray(reliableHeaderBytes),
  }
}

/** Makes a datagram. Of the sequence number its low 16 bits count. */
export function createData(
  session: number,
  sequence: number,
  index: number,
  isOpening: boolean,
  isLast: boolean,
  payload: Uint8Array,
): Uint8Array {
  const bytes = new Uint8Array(reliableHeaderBytes + payload.length)
  bytes.set(payload, reliableHeaderBytes)
  return seal(
    bytes,
    session,
    sequence,
    index | (isOpening ? openingBit : 0) | (isLast ? lastBit : 0),
  )
}

/** A copy of a datagram of data without the bit *opening*. */
export function closeOpening(datagram: Uint8Array): Uint8Array {
  const view = viewOf(datagram)
  const part = view.getUint16(10, true) & ~openingBit
  return seal(datagram.slice(), view.getUint32(4, true), view.getUint16(8, true), part)
}

/** Makes an acknowledgement. */
export function createAck(session: number, sequence: number, bits: number): Uint8Array {
  return seal(new Uint8Array(reliableHeaderBytes), session, sequence, ackBit | bits)
}

function seal(bytes: Uint8Array, session: number, sequence: number, part: number): Uint8Array {
  const view = viewOf(bytes)
  view.setUint32(4, session, true)
  view.setUint16(8, sequence, true)
  view.setUint16(10, part, true)
  view.setUint32(0, crc32(protocolCrc, bytes, 4), true)
  return bytes
}
