import { payloadStart } from '../protocol/datagram.ts'
import { viewOf } from '../buffer/BufferMemory.ts'
import { canBeHeader, headerBytes, isHeader, payloadSize } from '../protocol/packetHeader.ts'
import { createData, readReliable } from '../protocol/reliable/reliableDatagram.ts'

/** A message in a recording, for `redact`. */
export interface RecordedMessage {
  readonly direction: 'received' | 'sent'
  /** The peer's numeric address; of a broadcast it is empty. */
  readonly ip: string
  readonly port: number
  /** The message without header. What is overwritten here is not in the recording; its size stays. */
  readonly bytes: Uint8Array
}

/** Overwrites what must not be in a recording, such as passwords. */
export type Redact = (message: RecordedMessage) => void

/** Where messages stand in some bytes. */
export type Ranges = readonly (readonly [start: number, end: number])[]

/** The payloads of packets; what is no packet, such as a handshake or raw bytes, counts as it stands. */
export function rangesOfStream(bytes: Uint8Array): Ranges {
  const view = viewOf(bytes)
  const ranges: [number, number][] = []
  for (let at = 0; at < bytes.length;) {
    const start = isPacketAt(view, at) ? at + headerBytes : at
    const end = start === at ? bytes.length : start + payloadSize(view, at)
    ranges.push([start, Math.min(end, bytes.length)])
    at = end
  }
  return ranges
}

/** Messages back to back, each with a packet's header or without. */
export function rangesOfMessages(bytes: Uint8Array, ends: readonly number[]): Ranges {
  return ends.map((end, index) => {
    const from = ends[index - 1] ?? 0
    return [from + payloadStart(viewOf(bytes.subarray(from, end))), end]
  })
}

/** The payload of a datagram, which may be one of reliable UDP: then it is a part of a message. */
export function rangesOfDatagram(bytes: Uint8Array): Ranges {
  const reliable = readReliable(bytes)
  if (reliable?.kind === 'ack') return []
  const start =
    reliable === undefined ? payloadStart(viewOf(bytes)) : bytes.length - reliable.payload.length
  return [[start, bytes.length]]
}

/** Overwrites the messages that stand in some bytes. */
export function redactRanges(
  bytes: Uint8Array,
  ranges: Ranges,
  about: Omit<RecordedMessage, 'bytes'>,
  redact: Redact,
): void {
  const reliable = readReliable(bytes)
  for (const [start, end] of ranges) redact({ ...about, bytes: bytes.subarray(start, end) })
  if (reliable?.kind !== 'data') return
  const { session, sequence, index, isOpening, isLast, payload } = reliable
  bytes.set(createData(session, sequence, index, isOpening, isLast, payload))
}

/** Holds back the part of a packet that has come, so that whole packets can be redacted. */
export class PacketParts {
  #held: Uint8Array = new Uint8Array(0)

  /** Returns what is whole, with what was held before. */
  take(bytes: Uint8Array): Uint8Array {
    const all = this.#held.length === 0 ? bytes : joined(this.#held, bytes)
    const end = endOfWhole(all)
    this.#held = all.slice(end)
    return all.subarray(0, end)
  }
}

/** Where the last packet begins that is not whole, or the end. */
function endOfWhole(bytes: Uint8Array): number {
  const view = viewOf(bytes)
  let at = 0
  while (at < bytes.length) {
    const left = bytes.length - at
    if (!canBeHeader(bytes, at, Math.min(left, headerBytes))) return bytes.length
    if (left < headerBytes || left < headerBytes + payloadSize(view, at)) return at
    at += headerBytes + payloadSize(view, at)
  }
  return at
}

function isPacketAt(view: DataView, at: number): boolean {
  return at + headerBytes <= view.byteLength && isHeader(view, at)
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}
