import * as assert from 'uvu/assert'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import {
  type ByteStream,
  createStream,
  feedMessage,
  feedStream,
  type MalformedPolicy,
  type StreamSink,
} from '../../src/protocol/ByteStream.ts'
import {
  SecondDecoder,
  type SecondEvent as StreamEvent,
  type SecondRole as Role,
} from '../lib/SecondDecoder.ts'

export { type Role, type StreamEvent }

export const roles: readonly Role[] = ['server', 'client']
export const policies: readonly MalformedPolicy[] = ['discard', 'raw', 'close']

export interface Setting {
  role: Role
  raw?: boolean
  policy?: MalformedPolicy
  limit?: number
  /** Sent by a client. */
  gameId?: number
}

/** A call of the sink: of `messages` it is their kind. */
export type StreamCall = Exclude<keyof StreamSink, 'messages'> | 'packets' | 'raw'

/** A stream of the library, and all that it has told. */
export interface Trace {
  readonly stream: ByteStream
  /** The stream's; a change holds from the next bytes on. */
  readonly settings: { malformed: MalformedPolicy; messageBytesMax: number }
  readonly events: StreamEvent[]
  /** What the failure said to be lost. */
  lost: number | undefined
  readonly feed: (chunk: Uint8Array) => void
  /** Feeds one message of a transport that keeps their limits. */
  readonly feedMessage: (hex: string, isText?: boolean) => void
}

/** @param onCall runs at the end of each call of the sink */
export function createTrace(
  setting: Setting,
  onCall: (name: StreamCall, stream: ByteStream) => void = () => {},
): Trace {
  const settings = {
    malformed: setting.policy ?? 'discard',
    messageBytesMax: setting.limit ?? 4 * 1024 * 1024,
  }
  const mode = { raw: setting.raw ?? false, gameId: setting.gameId ?? 0 }
  const stream = createStream(setting.role, mode, settings)
  const events: StreamEvent[] = []
  const told = (name: StreamCall, ...news: StreamEvent[]): void => {
    events.push(...news)
    onCall(name, stream)
  }
  const sink: StreamSink = {
    reply: (bytes) => told('reply', { kind: 'reply', hex: hexOf(bytes) }),
    handshakeDone() {
      const gameId = setting.role === 'server' ? stream.gameId : null
      told('handshakeDone', { kind: 'opened', gameId })
    },
    messages(kind, { bytes }, start, end, count) {
      if (kind === 'packets') told(kind, ...packetsOf(bytes, start, end, count))
      else if (kind !== 'raw') assert.unreachable(kind)
      else {
        assert.is(count, 1)
        told(kind, { kind, hex: hexOf(bytes.subarray(start, end)) })
      }
    },
    discarded: (count) => told('discarded', { kind: 'discarded', count }),
    protocolBroken(cause, lost) {
      trace.lost = lost
      told('protocolBroken', { kind: 'failed', cause })
    },
  }
  const feed = (chunk: Uint8Array): void => feedAndScribble(stream, chunk, sink)
  const trace: Trace = {
    stream,
    settings,
    events,
    lost: undefined,
    feed,
    feedMessage(hex, isText = false) {
      const bytes = Uint8Array.from(Buffer.from(hex, 'hex'))
      feedMessage(stream, memoryOf(bytes), isText, sink)
    },
  }
  return trace
}

/** As a transport that reuses its memory: what the stream keeps, it must have copied. */
function feedAndScribble(stream: ByteStream, chunk: Uint8Array, sink: StreamSink): void {
  const edge = 3
  const memory = new Uint8Array(chunk.length + 2 * edge).fill(0xee)
  memory.set(chunk, edge)
  const bytes = memory.subarray(edge, edge + chunk.length)
  feedStream(stream, memoryOf(bytes), sink)
  memory.fill(0xee)
}

/** One event for each of `count` packets that stand back to back. */
function packetsOf(bytes: Uint8Array, start: number, end: number, count: number): StreamEvent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const events: StreamEvent[] = []
  let at = start
  for (let index = 0; index < count; index++) {
    assert.is(hexOf(bytes.subarray(at, at + 8)), 'dec0adde0c000000')
    const next = at + 12 + view.getUint32(at + 8, true)
    events.push({ kind: 'packet', hex: hexOf(bytes.subarray(at + 12, next)) })
    at = next
  }
  assert.is(at, end, 'count and end of a batch agree')
  return events
}

/** What the library makes of these chunks. */
export function decode(setting: Setting, chunks: readonly Uint8Array[]): StreamEvent[] {
  const trace = createTrace(setting)
  for (const chunk of chunks) trace.feed(chunk)
  return trace.events
}

/** What the second decoder makes of these chunks. */
export function decodeSecond(setting: Setting, chunks: readonly Uint8Array[]): StreamEvent[] {
  const second = createSecond(setting)
  for (const chunk of chunks) second.receive(chunk)
  return second.events
}

export function createSecond(setting: Setting): SecondDecoder {
  const { role, raw = false, policy = 'discard', limit = 4 * 1024 * 1024, gameId = 0 } = setting
  return new SecondDecoder({ role, rawMode: raw, policy, limit, gameId })
}

/** Both decoders tell exactly this. */
export function tells(
  setting: Setting,
  chunks: readonly Uint8Array[],
  expected: readonly StreamEvent[],
): void {
  assert.equal(decode(setting, chunks), expected)
  assert.equal(decodeSecond(setting, chunks), expected, 'the second decoder')
}

/** Bytes from hex; spaces and line ends are for the eye. */
export function bytesOf(...hex: string[]): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.join('').replaceAll(/\s/g, ''), 'hex'))
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

/** The pieces between cuts at these places. */
export function cutAt(bytes: Uint8Array, ...places: number[]): Uint8Array[] {
  const ends = [...places, bytes.length]
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
}

export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte))
}

// The handshake of each role, by hand: what arrives, and what is told about it.

const joined = {
  server: {
    arrives: 'be ba fe ca 0b b0 ad de 10 00 00 00 2a 00 00 00',
    told: [
      { kind: 'opened', gameId: 42 },
      { kind: 'reply', hex: 'adbeafdeebbe0df00c000000' },
    ],
  },
  client: {
    arrives:
      '47 4d 3a 53 74 75 64 69 6f 2d 43 6f 6e 6e 65 63 74 00 ad be af de eb be 0d f0 0c 00 00 00',
    told: [
      { kind: 'reply', hex: 'bebafeca0bb0adde1000000000000000' },
      { kind: 'opened', gameId: null },
    ],
  },
} as const

/** What the peer of this role sends before its first packet. */
export function joinBytes(role: Role): Uint8Array {
  return bytesOf(joined[role].arrives)
}

/** What is told when {@link joinBytes} have arrived, by a client of game 0. */
export function joinEvents(role: Role): StreamEvent[] {
  return [...joined[role].told]
}

export const packet = (hex: string): StreamEvent => ({ kind: 'packet', hex })
export const raw = (hex: string): StreamEvent => ({ kind: 'raw', hex })
export const discarded = (count: number): StreamEvent => ({ kind: 'discarded', count })
export const failed = (cause: 'handshake' | 'malformed' | 'tooLarge'): StreamEvent => ({
  kind: 'failed',
  cause,
})
