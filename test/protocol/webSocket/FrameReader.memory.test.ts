import * as assert from 'uvu/assert'
import {
  createFrameReader,
  feedFrames,
  type FrameReader,
  type FrameReaderSink,
} from '../../../src/protocol/webSocket/FrameReader.ts'
import { spec } from '../../spec.ts'
import { framesTo, type Frame, hexOf } from './FrameTrace.ts'

const mib = 1024 * 1024

const unexpected = (): void => assert.unreachable()

/** A reader whose messages are kept. */
class Keeper {
  readonly reader: FrameReader
  readonly messages: Uint8Array[] = []
  readonly #sink: FrameReaderSink = {
    message: (bytes) => this.messages.push(bytes),
    ping: unexpected,
    pong: () => {},
    close: unexpected,
    fault: unexpected,
  }

  constructor(limit = 4 * mib) {
    this.reader = createFrameReader('server', limit)
  }

  feed(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    feedFrames(this.reader, bytes, view, this.#sink)
  }

  /** Bytes that are held for what is unfinished. */
  get held(): number {
    const { cut, message } = this.reader
    return (cut?.bytes.length ?? 0) + (message?.bytes.length ?? 0)
  }
}

/** Frames as plain bytes of their own. */
function bytesTo(frames: readonly Frame[]): Uint8Array {
  return new Uint8Array(framesTo('server', frames))
}

/** The header of a frame of this size. */
function header(first: number, size: number): Uint8Array {
  const length = `7f${size.toString(16).padStart(16, '0')}`
  return new Uint8Array(framesTo('server', [{ first, length }]))
}

spec('FrameReader :: memory', (it) => {
  it('4 MiB that are announced and never come take none', () => {
    for (const first of [0x82, 0x81, 0x02]) {
      const keeper = new Keeper()
      keeper.feed(header(first, 4 * mib))
      assert.is(keeper.held, 0)
      keeper.feed(bytesTo([[0x82, '41'.repeat(10)]]).slice(6))
      assert.is(keeper.held, 4_096)
    }
  })

  for (const chunkBytes of [1, 64, 1_460, 65_536])
    it(`4 MiB in chunks of ${chunkBytes} take few buffers`, () => {
      // With one byte at a time, 256 KiB are enough to show a growth by steps.
      const size = chunkBytes === 1 ? mib / 4 : 4 * mib
      const keeper = new Keeper()
      keeper.feed(header(0x82, size))
      const buffers = new Set<Uint8Array>()
      let copied = 0
      for (let received = 0; received < size;) {
        const before = keeper.reader.message
        const { bytes: memory, size: held } = { bytes: before?.bytes, size: before?.size ?? 0 }
        const chunk = new Uint8Array(Math.min(chunkBytes, size - received))
        keeper.feed(chunk)
        received += chunk.length
        const { message } = keeper.reader
        if (message === undefined) break
        if (message.bytes !== memory) copied += held
        buffers.add(message.bytes)
        assert.ok(keeper.held <= Math.max(4_096, 2 * received), `${keeper.held} of ${received}`)
      }
      assert.equal(
        keeper.messages.map(({ length }) => length),
        [size],
      )
      assert.ok(buffers.size <= 16, `${buffers.size} buffers`)
      assert.ok(copied <= 2 * size, `${copied} bytes copied`)
      assert.is(keeper.messages[0]!.buffer.byteLength, size)
      assert.is(keeper.held, 0)
    })

  it('a message in tiny fragments costs its bytes', () => {
    const keeper = new Keeper()
    keeper.feed(bytesTo([[0x02, '01']]))
    for (let count = 1; count < 1_000; count++) keeper.feed(bytesTo([[0x00, '02']]))
    assert.is(keeper.held, 4_096)
    keeper.feed(bytesTo([[0x80, '03']]))
    const [message] = keeper.messages
    assert.is(message!.length, 1_001)
    assert.is(message!.buffer.byteLength, 1_001)
    assert.is(keeper.held, 0)
  })

  it('a cut frame costs its bytes', () => {
    const keeper = new Keeper()
    const bytes = bytesTo([[0x82, '01020304']])
    for (let place = 1; place < bytes.length; place++) {
      keeper.feed(bytes.slice(0, place))
      assert.ok(keeper.held <= 6)
      keeper.feed(bytes.slice(place))
      const message = keeper.messages.pop()!
      assert.is(hexOf(message), '01020304')
      assert.ok(message.buffer.byteLength <= bytes.length)
    }
    assert.is(keeper.held, 0)
  })

  it('whole frames take none, and are views of the chunk where that keeps little', () => {
    const keeper = new Keeper()
    const chunk = bytesTo([
      [0x82, '01'.repeat(100)],
      [0x81, '41'.repeat(100)],
    ])
    keeper.feed(chunk)
    assert.is(keeper.held, 0)
    for (const message of keeper.messages) assert.is(message.buffer, chunk.buffer)
  })

  it('small messages do not keep a large chunk', () => {
    for (const first of [0x82, 0x81]) {
      const keeper = new Keeper()
      const chunk = bytesTo(
        Array.from({ length: 500 }, (_, index) => [index === 7 ? first : 0x8a, '41'.repeat(100)]),
      )
      keeper.feed(chunk)
      assert.is(keeper.messages[0]!.buffer.byteLength, 100)
    }
  })

  it('small runs do not keep a large chunk, others are in it', () => {
    const chunk = bytesTo(
      Array.from({ length: 50 }, (_, index) => [index % 20 < 3 ? 0x82 : 0x8a, '41'.repeat(100)]),
    )
    const large = bytesTo(Array.from({ length: 10 }, () => [0x82, '41'.repeat(500)]))
    const kept: [Uint8Array, DataView, number][] = []
    const reader = createFrameReader('server', 1_000)
    const sink: FrameReaderSink = {
      frames: (...run) => kept.push(run),
      message: unexpected,
      ping: unexpected,
      pong: () => {},
      close: unexpected,
      fault: unexpected,
    }
    // As what has come behind a long request.
    const part = new Uint8Array(8_192).subarray(100, 100 + large.length / 10)
    part.set(large.subarray(0, part.length))
    for (const bytes of [chunk, large, part])
      feedFrames(reader, bytes, new DataView(bytes.buffer), sink)
    assert.equal(
      kept.map(([{ length }, , count]) => [length, count]),
      [
        [318, 3],
        [318, 3],
        [318, 3],
        [large.length, 10],
        [part.length, 1],
      ],
    )
    assert.equal(
      kept.map(([{ buffer }]) => buffer.byteLength),
      [318, 318, 318, large.length, part.length],
    )
    assert.is(hexOf(kept[1]![0].subarray(6, 106)), '41'.repeat(100))
    assert.is(kept[3]![0], large)
  })

  it('chunks may be parts of larger memory', () => {
    const keeper = new Keeper()
    const bytes = bytesTo([
      [0x82, '0102030405'],
      [0x8a, '06'],
      [0x81, '41'],
    ])
    const memory = new Uint8Array(bytes.length + 20).fill(7)
    memory.set(bytes, 9)
    keeper.feed(memory.subarray(9, 9 + bytes.length))
    assert.equal(keeper.messages.map(hexOf), ['0102030405', '41'])
    assert.ok(memory.every((byte, index) => byte === 7 || (index >= 9 && index < 9 + bytes.length)))
  })
})
