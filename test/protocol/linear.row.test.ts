// A large packet in small chunks costs the decoder what it costs a hand-written loop that gathers bytes: copies grow with the bytes.

import * as assert from 'uvu/assert'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import { createStream, feedStream, type StreamSink } from '../../src/protocol/ByteStream.ts'
import { answer, packet } from '../lib/gameMaker.ts'
import { amountOf, figure, isSoak } from '../lib/row.ts'
import { spec } from '../spec.ts'

const mebibyte = 1024 * 1024
/** Of each, in turn; their medians are compared. */
const runs = amountOf({ test: 3, ci: 5, soak: 9 })
const headerBytes = 12

interface Case {
  readonly size: number
  readonly chunkBytes: number
  /** CPU on a quiet machine, in ms. */
  readonly barMs: number
}

const cases: readonly Case[] = [
  { size: amountOf({ test: 1, ci: 4 }) * mebibyte, chunkBytes: 64, barMs: 50 },
  { size: amountOf({ test: 8, ci: 64 }) * mebibyte, chunkBytes: 1_460, barMs: 500 },
]

/** A packet of zeros, in chunks. */
function chunksOf({ size, chunkBytes }: Case): Uint8Array[] {
  const bytes = new Uint8Array(headerBytes + size)
  bytes.set(Buffer.from(packet(''), 'hex'))
  new DataView(bytes.buffer).setUint32(8, size, true)
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes)
    chunks.push(bytes.subarray(at, at + chunkBytes))
  return chunks
}

function decode(chunks: readonly Uint8Array[], size: number): void {
  const settings = { malformed: 'close', messageBytesMax: size } as const
  const stream = createStream('server', { raw: false, gameId: 0 }, settings)
  let received = 0
  const sink: StreamSink = {
    reply() {},
    handshakeDone() {},
    messages: (_kind, _chunk, at, end) => void (received += end - at),
    discarded: () => assert.unreachable('discarded'),
    protocolBroken: () => assert.unreachable('broken'),
  }
  feedStream(stream, memoryOf(Buffer.from(answer, 'hex')), sink)
  for (const chunk of chunks) feedStream(stream, memoryOf(chunk), sink)
  assert.is(received, headerBytes + size)
}

/** What must be done at least: memory that doubles, and a copy of each chunk. */
function gather(chunks: readonly Uint8Array[], size: number): void {
  let kept = new Uint8Array(4_096)
  let used = 0
  for (const chunk of chunks) {
    if (used + chunk.length > kept.length) {
      const larger = new Uint8Array(Math.min(headerBytes + size, kept.length * 2))
      larger.set(kept.subarray(0, used))
      kept = larger
    }
    kept.set(chunk, used)
    used += chunk.length
  }
  assert.is(used, headerBytes + size)
}

type Run = (chunks: readonly Uint8Array[], size: number) => void

function cpuMs(run: Run, chunks: readonly Uint8Array[], size: number): number {
  globalThis.gc?.()
  const before = process.cpuUsage()
  run(chunks, size)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** The median time of each, measured in turn. */
function compare(each: Case): { readonly decoderMs: number; readonly floorMs: number } {
  const chunks = chunksOf(each)
  const [decoder, floor]: [number[], number[]] = [[], []]
  for (let run = 0; run < runs; run++) {
    decoder.push(cpuMs(decode, chunks, each.size))
    floor.push(cpuMs(gather, chunks, each.size))
  }
  return { decoderMs: medianOf(decoder), floorMs: medianOf(floor) }
}

function medianOf(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1]!
}

spec(
  'a large packet in small chunks',
  (it) => {
    for (const each of cases)
      it(`${each.size / mebibyte} MiB in chunks of ${each.chunkBytes} bytes`, () => {
        // What is compiled at first is compiled.
        decode(chunksOf({ ...each, size: mebibyte }), mebibyte)
        const { decoderMs, floorMs } = compare(each)
        const half = compare({ ...each, size: each.size / 2 })
        const verdict = isSoak
          ? `, bar ${each.barMs} ms ${decoderMs <= each.barMs ? 'kept' : 'missed'}`
          : ''
        figure(
          'R-05',
          `${each.size / mebibyte} MiB in ${each.chunkBytes}-byte chunks: ${decoderMs.toFixed(0)} ms CPU, a ` +
            `hand-written loop ${floorMs.toFixed(0)} ms, half of it ${half.decoderMs.toFixed(0)} ms${verdict}`,
        )
        // Copying all that is there for each chunk takes four times as long, of megabytes hundreds of times the floor.
        assert.ok(decoderMs <= 20 * floorMs + 50, `${decoderMs} ms, floor ${floorMs} ms`)
        if (isSoak) {
          assert.ok(decoderMs <= 3 * half.decoderMs, `${decoderMs} ms, half ${half.decoderMs} ms`)
          assert.ok(decoderMs <= each.barMs || decoderMs <= 1.5 * floorMs)
        }
      })
  },
  240_000,
)
