import * as assert from 'uvu/assert'
import { type BufferMemory, memoryOf } from '../../src/buffer/BufferMemory.ts'
import { createStream, feedStream, type StreamSink } from '../../src/protocol/ByteStream.ts'
import { isSmallPart, ownBytes } from '../../src/protocol/ownBytes.ts'
import { type RunKind } from '../../src/protocol/RunKind.ts'
import { spec } from '../spec.ts'

const packet = Uint8Array.of(0xde, 0xc0, 0xad, 0xde, 12, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3)
const settings = { malformed: 'close', messageBytesMax: 1 << 20 } as const
const sink: StreamSink = {
  reply: () => assert.unreachable(),
  handshakeDone: () => assert.unreachable(),
  messages: () => assert.unreachable(),
  discarded: () => assert.unreachable(),
  protocolBroken: () => assert.unreachable(),
}

spec('bytes of a chunk', (it) => {
  it('are a view, wherever the chunk stands in its memory', () => {
    const chunk = new Uint8Array(4_096).subarray(10, 90)
    chunk[5] = 7
    const bytes = ownBytes(chunk, 5, 8)
    assert.equal([...bytes], [7, 0, 0])
    assert.ok(bytes.buffer === chunk.buffer)
  })

  it('are a copy where a view would keep eight times as much in memory', () => {
    const chunk = new Uint8Array(8_000)
    chunk[5] = 7
    const bytes = ownBytes(chunk, 5, 1_004)
    assert.is(bytes[0], 7)
    assert.is(bytes.buffer.byteLength, 999)
    assert.ok(ownBytes(chunk, 5, 1_005).buffer === chunk.buffer)
  })

  it('are a copy for packets in front of a large part of another, and a view of a chunk full of them', () => {
    for (const [packets, isCopy] of [
      [2, true],
      [400, false],
    ] as const) {
      const stream = createStream('server', { raw: false, gameId: 0 }, settings)
      const runs: [memory: BufferMemory, start: number, end: number][] = []
      const messages = (_: RunKind, memory: BufferMemory, start: number, end: number): void =>
        void runs.push([memory, start, end])
      stream.phase = 'open'
      feedStream(stream, memoryOf(packet.slice(0, 13)), { ...sink, messages })
      const chunk = new Uint8Array(8_000)
      chunk.set(packet.subarray(13))
      for (let at = 2; at < 2 + packets * 15; at += 15) chunk.set(packet, at)
      chunk.set(Uint8Array.of(0xde, 0xc0, 0xad, 0xde, 12, 0, 0, 0, 0, 0, 1, 0), 2 + packets * 15)
      feedStream(stream, memoryOf(chunk), { ...sink, messages })
      const [memory, start, end] = runs[1]!
      assert.is(memory.bytes.buffer !== chunk.buffer, isCopy)
      assert.equal([start, end - start], [isCopy ? 0 : 2, packets * 15])
      if (isCopy) assert.is(memory.bytes.buffer.byteLength, packets * 15)
    }
  })

  it('are a small part only of what has more than 4,096 bytes', () => {
    assert.not(isSmallPart(new Uint8Array(4_096), 0))
    assert.ok(isSmallPart(new Uint8Array(4_097), 0))
    assert.ok(isSmallPart(new Uint8Array(4_104), 512))
    assert.not(isSmallPart(new Uint8Array(4_104), 513))
  })
})
