import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { answerBytes, answerStart, createAnswer, greeting, welcome } from './handshake.ts'
import {
  announcedSize,
  append,
  createAssembly,
  isPlausible,
  type PacketAssembly,
  takeBytes,
} from './PacketAssembly.ts'
import { isSmallPart, ownBytes } from './ownBytes.ts'
import { canBeHeader, headerBytes, isHeader, isOnePacket, payloadSize } from './packetHeader.ts'
import { type RunKind } from './RunKind.ts'

/**
 * What happens to bytes that are not a packet: `discard` drops what has arrived, `raw` hands it out as it is, `close` ends the
 * connection.
 */
export type MalformedPolicy = 'discard' | 'raw' | 'close'

/**
 * The receiving side of one byte-stream connection: handshake, then packets, or raw bytes. A pure state
 * machine (docs/protocol.md, "States"): bytes in, calls of a {@link StreamSink} out.
 */
export interface ByteStream {
  phase: 'awaitAnswer' | 'awaitGreeting' | 'awaitWelcome' | 'open' | 'ended'
  readonly raw: boolean
  /** Sent in the client's answer; on a server's end, what the client sent. */
  gameId: number
  /** The owner's: a change holds from the next bytes on. */
  readonly settings: StreamSettings
  /** Bytes of the current handshake step seen so far. */
  matched: number
  readonly assembly: PacketAssembly
  /** Packets that were cut so far: shows whether the unfinished one is still the same. */
  cut: number
}

/** How a stream begins. */
export interface StreamMode {
  /** No handshake, no packet headers. */
  readonly raw: boolean
  /** What a client's handshake sends; 0 on a server. */
  readonly gameId: number
}

/** What a stream reads of its connection's settings. */
export interface StreamSettings {
  readonly malformed: MalformedPolicy
  /** Largest payload taken. */
  readonly messageBytesMax: number
}

/** What a stream emits. A sink may end the stream with {@link endStream} in any call. */
export interface StreamSink {
  /** Handshake bytes that must be sent. */
  reply(bytes: Uint8Array): void
  /** The handshake is done. Not called in raw mode, where a stream is open from the start. */
  handshakeDone(): void
  /**
   * `count` whole messages stand back to back in `memory.bytes[start..end)`. Those of packet mode are packets, but with the policy
   * `raw` also bytes that are none.
   */
  messages(kind: RunKind, memory: BufferMemory, start: number, end: number, count: number): void
  /** Bytes that are not a packet were dropped; the stream goes on (policy `discard`). */
  discarded(count: number): void
  /** The peer broke the protocol and `lost` bytes are dropped; the stream has ended. */
  protocolBroken(cause: 'handshake' | 'malformed' | 'tooLarge', lost: number): void
}

export function createStream(
  role: 'server' | 'client',
  { raw, gameId }: StreamMode,
  settings: StreamSettings,
): ByteStream {
  const first = role === 'server' ? 'awaitAnswer' : 'awaitGreeting'
  const phase = raw ? 'open' : first
  return { phase, raw, gameId, settings, matched: 0, assembly: createAssembly(), cut: 0 }
}

/** Nothing that arrives later has any effect. Returns how many bytes of an unfinished packet are lost. */
export function endStream(stream: ByteStream): number {
  stream.phase = 'ended'
  return takeBytes(stream.assembly).length
}

/** Whether a packet has begun to arrive and is not complete. */
export function isUnfinished(stream: ByteStream): boolean {
  return stream.assembly.size > 0
}

/**
 * Takes what arrived. As long as the peer keeps to the protocol, where the stream is cut makes no difference
 * to what the sink gets. Linear in the bytes; allocates only for a packet that is cut by their end.
 *
 * Bytes that are not a packet follow `stream.settings.malformed`: `discard` drops all that is there and goes on,
 * `raw` emits all that is there as one raw message, `close` ends the stream. A packet above
 * `stream.settings.messageBytesMax` always ends it.
 *
 * @param chunk its view is asked for only if there are several packets
 */
export function feedStream(stream: ByteStream, chunk: BufferMemory, sink: StreamSink): void {
  const { bytes } = chunk
  if (bytes.length === 0) return
  let at = 0
  while (stream.phase !== 'open') {
    if (stream.phase === 'ended') return
    at = feedHandshake(stream, bytes, at, sink)
    if (at === bytes.length) return
  }
  if (stream.raw) sink.messages('raw', chunk, at, bytes.length, 1)
  else feedPackets(stream, chunk, at, sink)
}

/**
 * Takes one whole message of a transport that keeps their limits (docs/protocol.md, "WebSocket"). Each step of the
 * handshake is a message of its own; after it a message holds packets, and one packet may come in several
 * messages. In raw mode each message is handed out as it is, an empty one too.
 *
 * @param message its view is not asked for in raw mode
 */
export function feedMessage(
  stream: ByteStream,
  message: BufferMemory,
  isText: boolean,
  sink: StreamSink,
): void {
  const { phase, raw } = stream
  const { bytes } = message
  if (phase === 'ended') return
  if (raw) {
    if (bytes.length > stream.settings.messageBytesMax) fail(stream, sink, 'tooLarge', bytes.length)
    else sink.messages('raw', message, 0, bytes.length, 1)
    return
  }
  let at = 0
  if (phase !== 'open') {
    const isWrong = isText || (phase === 'awaitAnswer' && bytes.length !== answerBytes)
    if (!isWrong) at = feedHandshake(stream, bytes, 0, sink)
    if (isWrong || stream.phase === phase) fail(stream, sink, 'handshake', bytes.length)
    // What stands behind the greeting means nothing.
    if (phase === 'awaitGreeting' || hasEnded(stream)) return
  }
  feedPackets(stream, message, at, sink)
}

/** Takes the bytes of one handshake step. Returns where the next begins. */
function feedHandshake(
  stream: ByteStream,
  bytes: Uint8Array,
  at: number,
  sink: StreamSink,
): number {
  const expected = { awaitAnswer: answerStart, awaitGreeting: greeting, awaitWelcome: welcome }[
    stream.phase as 'awaitAnswer' | 'awaitGreeting' | 'awaitWelcome'
  ]
  const size = stream.phase === 'awaitAnswer' ? answerBytes : expected.length
  while (at < bytes.length && stream.matched < size) {
    const byte = bytes[at]!
    const index = stream.matched
    if (index < expected.length && byte !== expected[index]) {
      fail(stream, sink, 'handshake', bytes.length - at)
      return bytes.length
    }
    if (index === expected.length) stream.gameId = 0
    if (index >= expected.length) stream.gameId |= byte << (8 * (index - expected.length))
    stream.matched++
    at++
  }
  if (stream.matched === size) endStep(stream, sink)
  return at
}

function endStep(stream: ByteStream, sink: StreamSink): void {
  stream.matched = 0
  if (stream.phase === 'awaitGreeting') {
    stream.phase = 'awaitWelcome'
    sink.reply(createAnswer(stream.gameId))
    return
  }
  const isServer = stream.phase === 'awaitAnswer'
  stream.phase = 'open'
  sink.handshakeDone()
  if (isServer && !hasEnded(stream)) sink.reply(welcome)
}

function feedPackets(
  stream: ByteStream,
  chunk: BufferMemory,
  from: number,
  sink: StreamSink,
): void {
  const { bytes } = chunk
  const end = bytes.length
  let at = stream.assembly.size > 0 ? completePacket(stream, bytes, from, sink) : from
  if (at === end) return
  const first = at
  if (isOnePacket(bytes, at, end) && end - at - headerBytes <= stream.settings.messageBytesMax) {
    sink.messages('packets', chunk, at, end, 1)
    return
  }
  const { view } = chunk
  let count = 0
  let isTooLarge = false
  while (end - at >= headerBytes) {
    if (!isHeader(view, at)) break
    const size = payloadSize(view, at)
    if (size > stream.settings.messageBytesMax) {
      isTooLarge = true
      break
    }
    const next = at + headerBytes + size
    if (next > end) break
    at = next
    count++
  }
  if (count > 0) emitPackets(chunk, first, at, count, sink)
  if (at === end || hasEnded(stream)) return
  if (isTooLarge) fail(stream, sink, 'tooLarge', end - at)
  else if (!canBeHeader(bytes, at, Math.min(end - at, headerBytes)))
    handleMalformed(stream, bytes, at, sink)
  else {
    const total = end - at < headerBytes ? headerBytes : headerBytes + payloadSize(view, at)
    stream.cut++
    append(stream.assembly, bytes, at, end - at, total)
  }
}

/** Packets at the beginning of a chunk: they do not keep it in memory, while they wait for a tick, if they are little of it. */
function emitPackets(
  chunk: BufferMemory,
  at: number,
  end: number,
  count: number,
  sink: StreamSink,
): void {
  const { bytes } = chunk
  // The first condition spares nearly all of them the second, which looks at the buffer.
  if ((end - at) * 8 < bytes.length && isSmallPart(bytes, end - at))
    sink.messages('packets', memoryOf(ownBytes(bytes, at, end)), 0, end - at, count)
  else sink.messages('packets', chunk, at, end, count)
}

/** Goes on with a packet that was cut. Returns where the rest of `bytes` begins, its end if nothing is left. */
function completePacket(
  stream: ByteStream,
  bytes: Uint8Array,
  at: number,
  sink: StreamSink,
): number {
  const { assembly } = stream
  if (assembly.size < headerBytes) {
    const count = Math.min(headerBytes - assembly.size, bytes.length - at)
    append(assembly, bytes, at, count, headerBytes)
    at += count
    if (!isPlausible(assembly)) {
      handleMalformed(stream, bytes, at, sink)
      return bytes.length
    }
    if (assembly.size < headerBytes) return bytes.length
    if (announcedSize(assembly) > stream.settings.messageBytesMax) {
      fail(stream, sink, 'tooLarge', bytes.length - at)
      return bytes.length
    }
  }
  const total = headerBytes + announcedSize(assembly)
  const count = Math.min(total - assembly.size, bytes.length - at)
  append(assembly, bytes, at, count, total)
  if (assembly.size < total) return bytes.length
  sink.messages('packets', memoryOf(takeBytes(assembly)), 0, total, 1)
  return hasEnded(stream) ? bytes.length : at + count
}

/** The assembled beginning, if any, and all bytes from `at` on are not a packet. */
function handleMalformed(
  stream: ByteStream,
  bytes: Uint8Array,
  at: number,
  sink: StreamSink,
): void {
  const { assembly } = stream
  if (stream.settings.malformed === 'close') fail(stream, sink, 'malformed', bytes.length - at)
  else if (stream.settings.malformed === 'raw') {
    const size = assembly.size + bytes.length - at
    append(assembly, bytes, at, bytes.length - at, size)
    sink.messages('raw', memoryOf(takeBytes(assembly)), 0, size, 1)
  } else sink.discarded(takeBytes(assembly).length + bytes.length - at)
}

function fail(
  stream: ByteStream,
  sink: StreamSink,
  cause: 'handshake' | 'malformed' | 'tooLarge',
  rest: number,
): void {
  sink.protocolBroken(cause, endStream(stream) + rest)
}

/** Re-read: the sink may have ended the stream, which narrowing cannot know. */
function hasEnded(stream: ByteStream): boolean {
  return stream.phase === 'ended'
}
