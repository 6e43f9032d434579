import { viewOf } from '../../buffer/BufferMemory.ts'
import { MessageType } from '../../constants/MessageType.ts'
import { noBytes } from '../../constants/noBytes.ts'
import { append, createAssembly, type PacketAssembly } from '../PacketAssembly.ts'
import { FaultCode, isCloseCode } from './closeCodes.ts'
import {
  headerBytesAt,
  lastFrame,
  maskBytes,
  masked,
  Opcode,
  payloadBytesAt,
} from './frameHeader.ts'
import { faultOfHeader, type HeaderContext, neededBytes } from './headerRules.ts'
import { isSmallPart, ownBytes } from '../ownBytes.ts'
import { invalidUtf8, scanUtf8, wholeUtf8 } from './scanUtf8.ts'
import { unmask } from './unmask.ts'

/** The receiving side of one WebSocket connection (RFC 6455): bytes in, calls of a {@link FrameReaderSink} out. */
export interface FrameReader extends HeaderContext {
  phase: 'open' | 'ended'
  /** A header or a control frame that was cut by the end of a chunk. */
  cut: PacketAssembly | undefined
  opcode: number
  announced: number
  fragments: number
  /** Whether the frame that is being read is the last one of its message. */
  isLast: boolean
  /** Payload bytes that the frame lacks. */
  left: number
  /** For the next payload byte. */
  mask: number
  /** Of a text so far ({@link scanUtf8}). */
  utf8: number
  /** The payload of a message that was cut, or has come in fragments, so far. */
  message: PacketAssembly | undefined
}

/** What a reader emits, in the order of the wire. A sink may end the reader with {@link endReader} in any call. */
export interface FrameReaderSink {
  /**
   * `count` whole binary messages of one frame each, below 64 KiB, stand back to back in `bytes`, with their headers; the mask is
   * still in its place, the payload is unmasked. The bytes are the chunk's, or a copy where the run is a small part of it; `view`
   * covers exactly them. Without this method they go to `message`, as all other messages do.
   */
  frames?(bytes: Uint8Array, view: DataView, count: number): void
  /** A whole message; the bytes are the receiver's, and are a view of the chunk or memory of their own. */
  message(bytes: Uint8Array, type: MessageType): void
  /** A ping, which must be answered with its payload: a view of the chunk, so copy what is kept. */
  ping(payload: Uint8Array): void
  pong(): void
  /**
   * The peer has sent a close frame; the reader has ended.
   *
   * @param code `undefined` if the frame has none
   * @param payload code and reason, which an answer repeats; its memory is the chunk's
   */
  close(code: number | undefined, payload: Uint8Array): void
  /** The peer broke the protocol; the reader has ended. The code is that of the close frame which says so. */
  fault(kind: 'malformed' | 'tooLarge', code: FaultCode): void
}

/** @param messageBytesMax largest message that is taken */
export function createFrameReader(role: 'server' | 'client', messageBytesMax: number): FrameReader {
  return {
    phase: 'open',
    isMasked: role === 'server',
    messageBytesMax: Math.min(messageBytesMax, Number.MAX_SAFE_INTEGER),
    cut: undefined,
    opcode: 0,
    announced: 0,
    fragments: 0,
    isLast: false,
    left: 0,
    mask: 0,
    utf8: wholeUtf8,
    message: undefined,
  }
}

/** Drops what is unfinished. Nothing that arrives later has any effect. */
export function endReader(reader: FrameReader): void {
  reader.phase = 'ended'
  reader.cut = undefined
  reader.message = undefined
}

/**
 * Takes what arrived. Where the stream is cut makes no difference to which messages the sink gets, only to whether they come by
 * `frames` or by `message`. Linear in the bytes; allocates nothing for a chunk of whole binary messages.
 *
 * @param bytes the reader's from now on, which unmasks in place; `view` covers exactly them
 */
export function feedFrames(
  reader: FrameReader,
  bytes: Uint8Array,
  view: DataView,
  sink: FrameReaderSink,
): void {
  const end = bytes.length
  let at = 0
  while (at < end && reader.phase !== 'ended') {
    if (reader.left > 0) at = takePayload(reader, bytes, view, at, sink)
    else if (reader.cut !== undefined) at = completeCut(reader, reader.cut, bytes, at, sink)
    else {
      if (reader.opcode === 0) at = takeRun(reader, bytes, view, at, sink)
      if (at < end && !hasEnded(reader)) at = takeFrame(reader, bytes, view, at, sink)
    }
  }
}

/** Takes whole binary messages of one frame each, as many as there are. Returns where they end. */
function takeRun(
  reader: FrameReader,
  bytes: Uint8Array,
  view: DataView,
  from: number,
  sink: FrameReaderSink,
): number {
  const { isMasked, messageBytesMax } = reader
  const mask = isMasked ? maskBytes : 0
  const end = bytes.length
  let at = from
  let count = 0
  for (; end - at >= 2 + mask && bytes[at] === (lastFrame | Opcode.binary); count++) {
    let size = bytes[at + 1]!
    // Anything unusual is for takeFrame.
    if (size >= masked !== isMasked || (size & ~masked) === 127) break
    size &= ~masked
    let start = at + 2 + mask
    if (size >= 126) {
      start = at + headerBytesAt(bytes, at)
      if (start > end) break
      size = payloadBytesAt(bytes, at)
    }
    const next = start + size
    if (next > end || size > messageBytesMax) break
    if (isMasked) unmask(view, start, next, view.getInt32(start - maskBytes, true))
    at = next
    if (sink.frames !== undefined) continue
    sink.message(ownBytes(bytes, start, next), MessageType.binary)
    if (hasEnded(reader)) return at
  }
  if (count === 0) return at
  const isAll = at - from === end && !isSmallPart(bytes, end)
  const run = isAll ? bytes : ownBytes(bytes, from, at)
  sink.frames?.(run, isAll ? view : viewOf(run), count)
  return at
}

/** Takes a header, of a control frame all of it. Returns where it ends. */
function takeFrame(
  reader: FrameReader,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  sink: FrameReaderSink,
): number {
  const end = bytes.length
  const code = faultOfHeader(reader, bytes, at, end)
  if (code !== 0) {
    fail(reader, sink, code)
    return end
  }
  const needed = neededBytes(bytes, at, end)
  if (end - at < needed) {
    reader.cut = createAssembly()
    append(reader.cut, bytes, at, end - at, needed)
    return end
  }
  beginFrame(reader, bytes, view, at, sink)
  return at + needed
}

/** Goes on with a header or a control frame that was cut. Returns where the rest of `bytes` begins. */
function completeCut(
  reader: FrameReader,
  cut: PacketAssembly,
  bytes: Uint8Array,
  at: number,
  sink: FrameReaderSink,
): number {
  const needed = neededBytes(cut.bytes, 0, cut.size)
  const count = Math.min(needed - cut.size, bytes.length - at)
  append(cut, bytes, at, count, needed)
  const code = faultOfHeader(reader, cut.bytes, 0, cut.size)
  if (code !== 0) fail(reader, sink, code)
  else if (cut.size === neededBytes(cut.bytes, 0, cut.size)) {
    reader.cut = undefined
    beginFrame(reader, cut.bytes, viewOf(cut.bytes), 0, sink)
  }
  return at + count
}

/** Handles what {@link neededBytes} has waited for. */
function beginFrame(
  reader: FrameReader,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  sink: FrameReaderSink,
): void {
  const first = bytes[at]!
  const opcode = first & 0x0f
  const size = payloadBytesAt(bytes, at)
  const start = at + headerBytesAt(bytes, at)
  const mask = reader.isMasked ? view.getInt32(start - maskBytes, true) : 0
  if (opcode >= Opcode.close) {
    if (reader.isMasked) unmask(view, start, start + size, mask)
    takeControl(reader, opcode, bytes.subarray(start, start + size), sink)
    return
  }
  if (opcode !== Opcode.continuation) reader.opcode = opcode
  reader.isLast = first >= lastFrame
  reader.left = size
  reader.mask = mask
  reader.announced += size
  reader.fragments++
  if (size === 0 && reader.isLast) finishMessage(reader, assembledBytes(reader), sink)
}

function takeControl(
  reader: FrameReader,
  opcode: number,
  payload: Uint8Array,
  sink: FrameReaderSink,
): void {
  if (opcode === Opcode.ping) sink.ping(payload)
  else if (opcode === Opcode.pong) sink.pong()
  else {
    const view = viewOf(payload)
    const code = payload.length === 0 ? undefined : view.getUint16(0)
    if (code !== undefined && !isCloseCode(code)) fail(reader, sink, FaultCode.protocol)
    else if (scanUtf8(wholeUtf8, view, 2, payload.length) !== wholeUtf8)
      fail(reader, sink, FaultCode.text)
    else {
      endReader(reader)
      sink.close(code, payload)
    }
  }
}

/** Takes payload of the frame that has begun. Returns where the rest of `bytes` begins. */
function takePayload(
  reader: FrameReader,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  sink: FrameReaderSink,
): number {
  const end = Math.min(bytes.length, at + reader.left)
  if (reader.isMasked) reader.mask = unmask(view, at, end, reader.mask)
  if (reader.opcode === Opcode.text) {
    reader.utf8 = scanUtf8(reader.utf8, view, at, end)
    if (reader.utf8 === invalidUtf8) {
      fail(reader, sink, FaultCode.text)
      return end
    }
  }
  reader.left -= end - at
  const isWhole = reader.left === 0 && reader.isLast
  if (isWhole && reader.message === undefined) finishMessage(reader, ownBytes(bytes, at, end), sink)
  else {
    reader.message ??= createAssembly()
    const total = reader.isLast ? reader.announced : reader.messageBytesMax
    append(reader.message, bytes, at, end - at, total)
    if (isWhole) finishMessage(reader, assembledBytes(reader), sink)
  }
  return end
}

function finishMessage(reader: FrameReader, bytes: Uint8Array, sink: FrameReaderSink): void {
  if (reader.utf8 !== wholeUtf8) {
    fail(reader, sink, FaultCode.text)
    return
  }
  const type = reader.opcode === Opcode.text ? MessageType.text : MessageType.binary
  reader.opcode = 0
  reader.announced = 0
  reader.fragments = 0
  reader.message = undefined
  sink.message(bytes, type)
}

/** The message in memory that is not much larger. */
function assembledBytes({ message }: FrameReader): Uint8Array {
  if (message === undefined) return noBytes
  const { bytes, size } = message
  return size * 2 < bytes.length ? bytes.slice(0, size) : bytes.subarray(0, size)
}

function fail(reader: FrameReader, sink: FrameReaderSink, code: FaultCode): void {
  endReader(reader)
  sink.fault(code === FaultCode.tooLarge ? 'tooLarge' : 'malformed', code)
}

/** Re-read: the sink may have ended the reader, which narrowing cannot know. */
function hasEnded(reader: FrameReader): boolean {
  return reader.phase === 'ended'
}
