// GameMaker's byte stream, by both roles and all policies: the handshakes, packets, raw mode, and the messages of a transport
// that keeps their limits.
//
//   u8   bit 0: client; bits 1 and 2: policy; bit 3: raw; bit 4: the sink ends the stream in one of its calls
//   u8   which limit
//   rest what the peer sends

import * as assert from 'uvu/assert'
import { crc32 } from 'node:zlib'
import { endStream } from '../../../src/protocol/ByteStream.ts'
import {
  secondAnswer,
  secondGreeting,
  secondPacket,
  secondWelcome,
} from '../../lib/SecondDecoder.ts'
import {
  createSecond,
  createTrace,
  policies,
  type Role,
  roles,
  type Setting,
  type StreamEvent,
  type Trace,
} from '../../protocol/trace.ts'
import { Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'
import { mutate } from '../mutate.ts'
import { ScriptReader, ScriptWriter } from '../Script.ts'

export type StreamSetting = Required<Setting>

const limits = [4_194_304, 300, 0, 1, 40, 4_083, 4_084, 9_000, 0xffffffff]
const header = secondPacket(new Uint8Array(0)).subarray(0, 8)
export const streamTokens: readonly Uint8Array[] = [
  header,
  header.subarray(0, 4),
  secondPacket(Uint8Array.of(7)),
  secondAnswer(1),
  secondGreeting(),
  secondWelcome(),
]

/** A stream that a peer might send to `role`, cut nowhere. */
export function drawConversation(draw: Draw, role: Role, brokenShare: number): Uint8Array {
  const isServer = role === 'server'
  const steps = isServer ? [secondAnswer(draw.word() | 0)] : [secondGreeting(), secondWelcome()]
  const script = new ScriptWriter()
  for (const step of steps)
    script.raw(draw.isLucky(brokenShare) ? mutate(step, draw, streamTokens) : step)
  for (let left = draw.below(7); left > 0; left--) script.raw(drawPacket(draw, brokenShare))
  return script.bytes
}

function drawPacket(draw: Draw, brokenShare: number): Uint8Array {
  const packet = secondPacket(drawPayload(draw))
  if (!draw.isLucky(brokenShare)) return packet
  switch (draw.below(4)) {
    case 0:
      packet.writeUInt32LE(draw.word(), 8)
      return packet
    case 1:
      return draw.bytes(draw.below(20))
    case 2:
      return packet.subarray(0, draw.below(packet.length))
    default:
      return mutate(packet, draw, streamTokens)
  }
}

function drawPayload(draw: Draw): Uint8Array {
  // What a decoder that searches for headers would trip over.
  if (draw.isLucky(0.1)) return secondPacket(draw.bytes(draw.below(4)))
  // Around the first memory of an assembly and its double.
  if (draw.isLucky(0.02)) return new Uint8Array(draw.one([4_083, 4_084, 4_085, 8_180, 9_000]))
  return draw.bytes(draw.size(400))
}

/** The places where a stream is cut, of which 0 is none. */
export function drawCuts(draw: Draw, length: number): number[] {
  if (length < 400 && draw.isLucky(0.05)) return Array.from({ length: length + 1 }, (_, at) => at)
  const cuts = Array.from({ length: draw.below(draw.isLucky(0.9) ? 6 : 40) }, () =>
    draw.below(length + 1),
  )
  return cuts.sort((a, b) => a - b)
}

/** What is emitted for a stream in these chunks, as the second decoder emits it too. */
export function decodeChecked(
  setting: StreamSetting,
  bytes: Uint8Array,
  cuts: readonly number[],
): StreamEvent[] {
  const trace = createTrace(setting)
  const second = createSecond(setting)
  eachChunk(bytes, cuts, (chunk, end) => {
    trace.feed(chunk)
    second.receive(chunk)
    checkMemory(trace, end)
  })
  if (!isSame(trace.events, second.events)) assert.equal(trace.events, second.events)
  assert.is(trace.stream.phase === 'ended', second.state === 'ended')
  const lost = endStream(trace.stream)
  const end = trace.events.at(-1)
  // Of a handshake only one of them counts what stands behind it.
  if (end?.kind !== 'failed') assert.is(lost, second.end())
  return trace.events
}

function eachChunk(
  bytes: Uint8Array,
  cuts: readonly number[],
  run: (chunk: Uint8Array, end: number) => void,
): void {
  let at = 0
  for (const end of [...cuts, bytes.length]) {
    run(bytes.subarray(at, end), end)
    at = end
  }
}

function checkMemory({ stream: { assembly, phase } }: Trace, received: number): void {
  assert.ok(assembly.bytes.length <= Math.max(4_096, 2 * received), 'memory')
  assert.ok(phase !== 'ended' || assembly.bytes.length === 0, 'memory at the end')
}

/** Whether all that was sent kept to the protocol, until it ended: then it does not matter how it was cut. */
export function isWellFormed({ raw }: StreamSetting, events: readonly StreamEvent[]): boolean {
  return !raw && !events.some(({ kind }) => kind === 'raw' || kind === 'discarded')
}

export function isSame(a: readonly StreamEvent[], b: readonly StreamEvent[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function readSetting(script: ScriptReader): StreamSetting & { ends: boolean } {
  const flags = script.u8()
  return {
    role: roles[flags & 1]!,
    policy: policies[((flags >> 1) & 3) % 3]!,
    raw: (flags & 8) !== 0,
    limit: limits[script.u8() % limits.length]!,
    gameId: flags << 24,
    ends: (flags & 16) !== 0,
  }
}

/** How a stream is to be read. */
export function drawStreamSetting(draw: Draw): StreamSetting {
  const { ends: _ends, ...setting } = readSetting(
    new ScriptReader(drawSetting(draw, draw.below(2)).bytes),
  )
  return setting
}

function drawSetting(draw: Draw, role: number): ScriptWriter {
  const raw = draw.isLucky(0.05) ? 8 : 0
  const ends = draw.isLucky(0.1) ? 16 : 0
  const limit = draw.isLucky(0.6) ? 0 : draw.below(limits.length)
  return new ScriptWriter().u8(role | (draw.below(3) << 1) | raw | ends, limit)
}

function runStream(input: Uint8Array): string {
  const script = new ScriptReader(input)
  const { ends, ...setting } = readSetting(script)
  const bytes = script.rest()
  const draw = new Draw(crc32(input))
  const cuts = drawCuts(draw, bytes.length)
  const whole = decodeChecked(setting, bytes, [])
  const cut = decodeChecked(setting, bytes, cuts)
  if (isWellFormed(setting, whole) && !isSame(cut, whole)) assert.equal(cut, whole, 'cut')
  if (ends) runEnding(setting, bytes, cuts, draw.below(6))
  const last = whole.at(-1)
  return last?.kind === 'failed' ? last.cause : (last?.kind ?? 'nothing')
}

/** The sink ends the stream: nothing is emitted any more. */
function runEnding(
  setting: StreamSetting,
  bytes: Uint8Array,
  cuts: readonly number[],
  atCall: number,
): void {
  let calls = 0
  const trace = createTrace(setting, (_name, stream) => {
    if (calls++ === atCall) endStream(stream)
  })
  eachChunk(bytes, cuts, (chunk) => trace.feed(chunk))
  assert.ok(calls <= atCall + 1, 'a call after the end')
}

/** A stream that is cut within its handshake, mostly. */
function drawHandshake(draw: Draw, role: Role): Uint8Array {
  const all = drawConversation(draw, role, 0.4)
  const conversation = draw.isLucky(0.5) ? all.subarray(0, draw.below(40)) : all
  return drawSetting(draw, roles.indexOf(role)).raw(conversation).bytes
}

const handshakeOutcomes = ['nothing', 'handshake']

export const serverHandshake: Target = {
  name: 'serverHandshake',
  draw: (draw) => drawHandshake(draw, 'server'),
  tokens: streamTokens,
  run: runStream,
  outcomes: [...handshakeOutcomes, 'reply'],
}

export const clientHandshake: Target = {
  name: 'clientHandshake',
  draw: (draw) => drawHandshake(draw, 'client'),
  tokens: streamTokens,
  run: runStream,
  outcomes: [...handshakeOutcomes, 'opened'],
}

export const stream: Target = {
  name: 'stream',
  draw(draw) {
    const role = draw.below(2)
    const broken = draw.isLucky(0.3) ? 0 : 0.2
    return drawSetting(draw, role).raw(drawConversation(draw, roles[role]!, broken)).bytes
  },
  tokens: streamTokens,
  run: runStream,
  outcomes: ['packet', 'raw', 'discarded', 'malformed', 'tooLarge', 'handshake'],
}

// Messages: u8 whether it is text, then its block.

function drawMessages(draw: Draw): Uint8Array {
  const role = draw.below(2)
  const script = drawSetting(draw, role)
  const steps = role === 0 ? [secondAnswer(draw.word() | 0)] : [secondGreeting(), secondWelcome()]
  for (const step of steps)
    script
      .u8(draw.isLucky(0.03) ? 1 : 0)
      .block(draw.isLucky(0.08) ? mutate(step, draw, streamTokens) : step)
  for (let left = draw.below(6); left > 0; left--) {
    const parts = Array.from({ length: draw.below(3) }, () => drawPacket(draw, 0.1))
    script.u8(draw.isLucky(0.1) ? 1 : 0).block(Buffer.concat(parts))
  }
  return script.bytes
}

function runMessages(input: Uint8Array): string {
  const script = new ScriptReader(input)
  const { ends: _ends, ...setting } = readSetting(script)
  const trace = createTrace(setting)
  const second = createSecond({ ...setting, raw: false })
  const expected = setting.raw ? [] : second.events
  let received = 0
  while (!script.isDone) {
    const isText = (script.u8() & 1) !== 0
    const bytes = script.block()
    received += bytes.length
    trace.feedMessage(Buffer.from(bytes).toString('hex'), isText)
    checkMemory(trace, received)
    if (setting.raw) expectRaw(expected, bytes, setting.limit)
    else if (isBadStep(second.state, bytes, isText)) {
      expected.push({ kind: 'failed', cause: 'handshake' })
      second.state = 'ended'
    } else second.receive(second.state === 'await greeting' ? bytes.subarray(0, 18) : bytes)
  }
  if (!isSame(trace.events, expected)) assert.equal(trace.events, expected)
  const last = expected.at(-1)
  return last?.kind === 'failed' ? last.cause : (last?.kind ?? 'nothing')
}

/** Each step of the handshake is a binary message of its own. */
function isBadStep(state: string, { length }: Uint8Array, isText: boolean): boolean {
  if (state === 'await answer') return isText || length !== 16
  if (state === 'await greeting') return isText || length < 18
  return state === 'await welcome' && (isText || length < 12)
}

function expectRaw(expected: StreamEvent[], bytes: Uint8Array, limit: number): void {
  if (expected.at(-1)?.kind === 'failed') return
  if (bytes.length > limit) expected.push({ kind: 'failed', cause: 'tooLarge' })
  else expected.push({ kind: 'raw', hex: Buffer.from(bytes).toString('hex') })
}

export const messages: Target = {
  name: 'messages',
  draw: drawMessages,
  tokens: streamTokens,
  run: runMessages,
  outcomes: ['packet', 'raw', 'discarded', 'malformed', 'tooLarge', 'handshake'],
}
