// zlib streams: what Node inflates the library for browsers inflates too, and neither takes more memory than it may.
//
//   u8   which limit
//   rest a stream

import * as assert from 'uvu/assert'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { receivedBuffer } from '../../../src/buffer/NetworkBuffer.ts'
import { getBufferBytes } from '../../../src/buffer/getBufferSize.ts'
import { memoryOf } from '../../../src/buffer/BufferMemory.ts'
import { compressBuffer, decompressBuffer } from '../../../src/content/compressBuffer.ts'
import { inflate } from '../../../src/content/codecs.browser.ts'
import { type Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'
import { ScriptReader, ScriptWriter } from '../Script.ts'

const limits = [65_536, 1, 100, 4_096]

/** Becomes a hundred thousand bytes and more. */
const bomb = deflateSync(new Uint8Array(200_000))
const dictionary = deflateSync('hello', { dictionary: Buffer.from('hello') })

function drawZlib(draw: Draw): Uint8Array {
  const script = new ScriptWriter().u8(draw.isLucky(0.7) ? 0 : draw.below(limits.length))
  const kind = draw.below(40)
  if (kind === 0) return script.raw(bomb).bytes
  if (kind === 1) return script.raw(dictionary).bytes
  const content = draw.isLucky(0.5)
    ? new Uint8Array(draw.size(400)).fill(draw.below(4))
    : draw.bytes(draw.size(200))
  if (kind === 2) return script.raw(gzipSync(content)).bytes
  if (kind === 3) return script.raw(deflateRawSync(content)).bytes
  return script.raw(deflateSync(content, { level: draw.below(10) })).bytes
}

function runZlib(input: Uint8Array): string {
  const script = new ScriptReader(input)
  const limit = limits[script.u8() % limits.length]!
  const bytes = script.rest()
  const buffer = receivedBuffer(memoryOf(bytes), 0, bytes.length)
  const result = decompressBuffer(buffer, limit)
  const other = inflate(bytes, limit)
  assert.is(other === undefined, typeof result === 'number', 'both refuse, or neither')
  if (typeof result === 'number' || other === undefined) return 'refused'
  assert.ok(result.size <= limit, 'the limit')
  assert.ok(result.isReceived)
  assert.ok(Buffer.from(getBufferBytes(result)).equals(other), 'both give the same')
  if (result.size === 0) return 'empty'
  const packed = compressBuffer(result)
  const again = typeof packed === 'number' ? packed : decompressBuffer(packed)
  assert.ok(typeof again !== 'number' && Buffer.from(getBufferBytes(again)).equals(other))
  return 'inflated'
}

export const zlib: Target = {
  name: 'zlib',
  draw: drawZlib,
  tokens: [bomb.subarray(0, 20), Uint8Array.of(0x78, 0x9c), Uint8Array.of(0, 0, 0xff, 0xff)],
  run: runZlib,
  outcomes: ['inflated', 'refused'],
}
