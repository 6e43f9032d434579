// The reader of WebSocket frames: it never throws, keeps no more than it was given, and emits the same however they are cut.
//
//   u8   bit 0: client; bit 1: it emits each message by itself
//   u8   which limit
//   rest frames

import * as assert from 'uvu/assert'
import { crc32 } from 'node:zlib'
import { drawStream, limits } from '../../protocol/webSocket/drawStream.ts'
import { FrameTrace, roles } from '../../protocol/webSocket/FrameTrace.ts'
import { Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'
import { mutate } from '../mutate.ts'
import { ScriptReader, ScriptWriter } from '../Script.ts'
import { drawCuts } from './streams.ts'

function drawFrames(draw: Draw): Uint8Array {
  const { role, limit, bytes } = drawStream(draw.below(2 ** 32), draw.isLucky(0.98))
  const flags = roles.indexOf(role) | (draw.isLucky(0.2) ? 2 : 0)
  const script = new ScriptWriter().u8(flags, limits.indexOf(limit))
  return script.raw(draw.isLucky(0.3) ? mutate(bytes, draw, frameTokens) : bytes).bytes
}

/** Beginnings of frames: reserved bits and opcodes, lengths in all forms, control frames that are too long. */
const frameTokens: readonly Uint8Array[] = [
  '8200',
  '8280',
  '817e',
  '81fe',
  '02ff',
  '827f',
  '89fe',
  '8800',
  '8882',
  'c2',
  '83',
  '8b',
  '0100',
  'ff7f',
  '03e8',
  '8080',
  'eda080',
  'f4908080',
].map((hex) => Buffer.from(hex, 'hex'))

const latin1 = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1')

function runFrames(input: Uint8Array): string {
  const script = new ScriptReader(input)
  const flags = script.u8()
  const role = roles[flags & 1]!
  const limit = limits[script.u8() % limits.length]!
  const bytes = script.rest()
  const whole = new FrameTrace({ role, limit, hasRuns: true })
  const cut = new FrameTrace({ role, limit, hasRuns: (flags & 2) === 0 })
  whole.show = cut.show = latin1
  whole.feed(bytes)
  let at = 0
  for (const end of [...drawCuts(new Draw(crc32(input)), bytes.length), bytes.length]) {
    cut.feed(bytes.subarray(at, end))
    at = end
    const { message, cut: header } = cut.reader
    assert.ok((message?.bytes.length ?? 0) <= Math.max(4_096, 2 * end), 'memory of a message')
    assert.ok((header?.bytes.length ?? 0) <= 256, 'memory of a header')
  }
  if (cut.events.join('\n') !== whole.events.join('\n')) assert.equal(cut.events, whole.events)
  const last = whole.events.at(-1) ?? 'nothing'
  return /^(?:malformed \d+|\w+)/.exec(last)![0]
}

export const frames: Target = {
  name: 'frames',
  draw: drawFrames,
  tokens: frameTokens,
  run: runFrames,
  outcomes: [
    'binary',
    'text',
    'ping',
    'pong',
    'close',
    'malformed 1002',
    'malformed 1007',
    'tooLarge',
    'nothing',
  ],
}
