import { payloadStart } from '../protocol/datagram.ts'
import { viewOf } from '../buffer/BufferMemory.ts'
import { noBytes } from '../constants/noBytes.ts'
import { answerBytes, answerStart, greeting, welcome } from '../protocol/handshake.ts'
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

/** The payloads of packets; what is neither a packet nor a message of the handshake counts as it stands. */
export function rangesOfStream(bytes: Uint8Array): Ranges {
  const view = viewOf(bytes)
  const ranges: [number, number][] = []
  for (let at = 0; at < bytes.length;) {
    const left = bytes.length - at
    const markBytes = markBytesOf(bytes.subarray(at, at + marksMax))
    if (markBytes > 0 && markBytes <= left) {
      const isPacket = isHeaderAt(view, at)
      at += markBytes
      if (!isPacket) continue
      const end = Math.min(at + payloadSize(view, at - headerBytes), bytes.length)
      ranges.push([at, end])
      at = end
    } else {
      ranges.push([at, bytes.length])
      at = bytes.length
    }
  }
  return ranges
}

/** Messages back to back, each with a packet's header or without; those of the handshake are left out. */
export function rangesOfMessages(bytes: Uint8Array, ends: readonly number[]): Ranges {
  return ends.flatMap((end, index): [number, number][] => {
    const from = ends[index - 1] ?? 0
    const message = bytes.subarray(from, end)
    const start = payloadStart(viewOf(message))
    if (start === 0 && message.length > 0 && markBytesOf(message) === message.length) return []
    return [[from + start, end]]
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

/** Holds back payloads that have not come whole, so that whole ones can be redacted. Headers are known as they come. */
export class PacketParts {
  /** What has come of a header, or of a message of the handshake. */
  #mark: Uint8Array = noBytes
  #held: Uint8Array[] = []
  /** Bytes of the payload that have not come. */
  #left = 0

  /** Returns what may be known of what has come up to now, and where messages stand in it. */
  take(bytes: Uint8Array): { bytes: Uint8Array; ranges: Ranges } {
    const known: Uint8Array[] = []
    const ranges: [number, number][] = []
    let size = 0
    const put = (parts: readonly Uint8Array[]): void => {
      known.push(...parts)
      size += sizeOf(parts)
    }
    for (let at = 0; at < bytes.length;) {
      if (this.#left === 0) {
        const end = this.#endOfMark(bytes, at)
        if (end === at) ranges.push([size, size + bytes.length - at])
        put([bytes.subarray(at, end === at ? bytes.length : end)])
        at = end === at ? bytes.length : end
        continue
      }
      const part = bytes.slice(at, at + this.#left)
      at += part.length
      this.#left -= part.length
      this.#held.push(part)
      if (this.#left > 0) break
      ranges.push([size, size + sizeOf(this.#held)])
      put(this.#held)
      this.#held = []
    }
    return { bytes: joined(known, size), ranges }
  }

  /** Where a header or a message of the handshake ends, or the bytes in it; `at` for anything else. */
  #endOfMark(bytes: Uint8Array, at: number): number {
    for (let end = at + 1; end <= bytes.length; end++) {
      const all = [this.#mark, bytes.subarray(end - 1, end)]
      const mark = joined(all, sizeOf(all))
      const markBytes = markBytesOf(mark)
      this.#mark = markBytes > mark.length ? mark : noBytes
      if (markBytes === 0) return at
      if (markBytes > mark.length) continue
      const view = viewOf(mark)
      if (isHeaderAt(view, 0)) this.#left = payloadSize(view, 0)
      return end
    }
    return bytes.length
  }
}

/** Headers of packets, and the messages of the handshake: they are not redacted. */
const handshakeMarks = [
  [greeting, greeting.length],
  [answerStart, answerBytes],
  [welcome, welcome.length],
] as const
/** The longest. */
const marksMax = 18

/** The size of what begins with these bytes; 0 for anything else. */
function markBytesOf(bytes: Uint8Array): number {
  if (canBeHeader(bytes, 0, Math.min(bytes.length, headerBytes))) return headerBytes
  const mark = handshakeMarks.find(([start]) =>
    start.every((byte, at) => byte === (bytes[at] ?? byte)),
  )
  return mark?.[1] ?? 0
}

function isHeaderAt(view: DataView, at: number): boolean {
  return at + headerBytes <= view.byteLength && isHeader(view, at)
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
