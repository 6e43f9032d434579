import { MessageType } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { endOfSlice } from '../../../src/protocol/webSocket/endOfSlice.ts'
import { Opcode } from '../../../src/protocol/webSocket/frameHeader.ts'
import {
  frameBytesMax,
  type NextMask,
  WebSocketFraming,
} from '../../../src/protocol/webSocket/WebSocketFraming.ts'
import { spec } from '../../spec.ts'

const { binary, text } = MessageType
const kib = 1024

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** Frames messages in place, with other bytes in front and behind; the slices in which they leave. */
function encodeFrames(
  bytes: Uint8Array,
  { ends, types }: { ends: readonly number[]; types: readonly MessageType[] },
  nextMask?: NextMask,
): Uint8Array[] {
  const framing = new WebSocketFraming(nextMask)
  const sizes = ends.map((end, index) => end - (ends[index - 1] ?? 0))
  const total = sizes.reduce((sum, size) => sum + framing.framedBytes(size), 0)
  const margin = 5
  const memory = new Uint8Array(margin + total + margin).fill(0xa5)
  let at = margin
  for (const [index, size] of sizes.entries()) {
    const room = framing.framedBytes(size)
    memory.set(bytes.subarray(ends[index]! - size, ends[index]), at + room - size)
    framing.frame(memory, at, size, types[index]!)
    at += room
  }
  assert.is(
    hex(memory.subarray(0, margin)) + hex(memory.subarray(-margin)),
    'a5'.repeat(2 * margin),
  )
  const slices: Uint8Array[] = []
  for (let left = memory.subarray(margin, -margin); left.length > 0;) {
    const end = endOfSlice(left, frameBytesMax)
    slices.push(left.subarray(0, end))
    left = left.subarray(end)
  }
  return slices
}

function encodeClose(code: number, nextMask?: NextMask): Uint8Array {
  return new WebSocketFraming(nextMask).close(code)
}

/** The slices for messages of these sizes, made of the bytes 1, 2 … 251, 1 …; binary unless told. */
function encode(sizes: readonly number[], types = sizes.map(() => binary as MessageType)) {
  let total = 0
  const ends = sizes.map((size) => (total += size))
  const bytes = Uint8Array.from({ length: total }, (_, index) => (index % 251) + 1)
  return { bytes, chunks: encodeFrames(bytes, { ends, types }) }
}

spec('frames of a server', (it) => {
  it('the unmasked text message of RFC 6455 section 5.7', () => {
    const [chunk] = encodeFrames(Buffer.from('Hello'), { ends: [5], types: [text] })
    assert.is(hex(chunk!), '810548656c6c6f')
  })

  it('a binary message', () => {
    assert.equal(encode([3]).chunks.map(hex), ['8203010203'])
  })

  it('an empty message', () => {
    assert.equal(encode([0]).chunks.map(hex), ['8200'])
    assert.equal(encode([0], [text]).chunks.map(hex), ['8100'])
  })

  it('several messages make one chunk', () => {
    const { chunks } = encode([1, 0, 2], [binary, text, text])
    assert.equal(chunks.map(hex), ['820101810081020203'])
  })

  const headers: readonly [number, string][] = [
    [47, '822f'],
    [48, '8230'],
    [49, '8231'],
    [125, '827d'],
    [126, '827e007e'],
    [127, '827e007f'],
    [255, '827e00ff'],
    [256, '827e0100'],
    [65_535, '827effff'],
    [65_536, '827f0000000000010000'],
    [65_537, '827f0000000000010001'],
    [256 * kib, '827f0000000000040000'],
  ]
  for (const [size, header] of headers)
    it(`${size} bytes have the header ${header}`, () => {
      const { bytes, chunks } = encode([size])
      assert.is(chunks.length, 1)
      assert.is(hex(chunks[0]!), header + hex(bytes))
    })

  it('a message above 256 KiB is fragmented, one frame a chunk', () => {
    const { bytes, chunks } = encode([512 * kib + 3], [text])
    assert.equal(
      chunks.map((chunk) => hex(chunk.subarray(0, 12))),
      [
        `017f0000000000040000${hex(bytes.subarray(0, 2))}`,
        `007f0000000000040000${hex(bytes.subarray(256 * kib, 256 * kib + 2))}`,
        `8003${hex(bytes.subarray(512 * kib))}`,
      ].map((head) => head.slice(0, 24)),
    )
    assert.is(
      hex(
        Buffer.concat([chunks[0]!.subarray(10), chunks[1]!.subarray(10), chunks[2]!.subarray(2)]),
      ),
      hex(bytes),
    )
  })

  it('many messages that are large together make chunks of whole frames', () => {
    const { bytes, chunks } = encode([200 * kib, 100 * kib, 100, 0, 150 * kib])
    assert.equal(
      chunks.map(({ length }) => length),
      [200 * kib + 10, 100 * kib + 10 + 102 + 2 + 150 * kib + 10],
    )
    const [first, second] = chunks
    assert.is(
      hex(second!),
      `827f0000000000019000${hex(bytes.subarray(200 * kib, 300 * kib))}` +
        `8264${hex(bytes.subarray(300 * kib, 300 * kib + 100))}8200` +
        `827f0000000000025800${hex(bytes.subarray(300 * kib + 100))}`,
    )
    assert.is(hex(first!.subarray(0, 10)), '827f0000000000032000')
  })

  it('ten thousand messages', () => {
    const { bytes, chunks } = encode(Array.from({ length: 10_000 }, () => 32))
    const all = Buffer.concat(chunks)
    assert.is(all.length, 340_000)
    for (let index = 0; index < 10_000; index++) {
      const frame = all.toString('hex', index * 34, (index + 1) * 34)
      if (frame !== `8220${hex(bytes.subarray(index * 32, (index + 1) * 32))}`)
        assert.unreachable(`frame ${index} is ${frame}`)
    }
  })

  it('a close frame', () => {
    assert.is(hex(encodeClose(1000)), '880203e8')
    assert.is(hex(encodeClose(1013)), '880203f5')
  })
})

spec('frames of a client', (it) => {
  it('differ each time, as those of a server do not', () => {
    assert.ok(new WebSocketFraming().isRepeatable)
    assert.not(new WebSocketFraming(() => 1).isRepeatable)
  })

  it('the masked text message of RFC 6455 section 5.7', () => {
    const [chunk] = encodeFrames(
      Buffer.from('Hello'),
      { ends: [5], types: [text] },
      () => 0x37fa213d,
    )
    assert.is(hex(chunk!), '818537fa213d7f9f4d5158')
  })

  it('each frame has a mask of its own', () => {
    const masks = [0x01020304, -1, 0]
    const bytes = Uint8Array.of(0, 0, 0, 0, 0, 5, 6)
    const chunks = encodeFrames(bytes, { ends: [5, 5, 7], types: [binary, text, binary] }, () =>
      masks.shift()!,
    )
    assert.equal(chunks.map(hex), ['82850102030401020304018180ffffffff8282000000000506'])
    assert.equal(masks, [])
  })

  it('long headers', () => {
    const bytes = new Uint8Array(70_000 + 300)
    const [chunk] = encodeFrames(
      bytes,
      { ends: [300, 70_300], types: [binary, binary] },
      () => 0x0a0b0c0d,
    )
    assert.is(chunk!.length, 8 + 300 + 14 + 70_000)
    assert.is(hex(chunk!.subarray(0, 12)), '82fe012c0a0b0c0d0a0b0c0d')
    assert.is(hex(chunk!.subarray(308, 324)), '82ff00000000000111700a0b0c0d0a0b')
  })

  it('fragments are masked each', () => {
    const masks = [1, 2]
    const bytes = new Uint8Array(256 * kib + 1)
    const chunks = encodeFrames(bytes, { ends: [bytes.length], types: [binary] }, () =>
      masks.shift()!,
    )
    assert.equal(
      chunks.map((chunk) => hex(chunk.subarray(0, 15))),
      ['02ff00000000000400000000000100', '80810000000200'],
    )
  })

  it('a close frame', () => {
    assert.is(hex(encodeClose(1000, () => 0x01020304)), '88820102030402ea')
  })

  it('masks of every length', () => {
    for (let size = 0; size < 20; size++) {
      const bytes = Uint8Array.from({ length: size }, (_, index) => index)
      const [chunk] = encodeFrames(bytes, { ends: [size], types: [text] }, () => 0xf1e2d3c4 | 0)
      const masked = bytes.map((byte, index) => byte ^ [0xf1, 0xe2, 0xd3, 0xc4][index & 3]!)
      assert.is(hex(chunk!), `81${(0x80 | size).toString(16)}f1e2d3c4${hex(masked)}`)
    }
  })

  it('a pong', () => {
    const framing = new WebSocketFraming(() => 0x01020304)
    assert.is(hex(framing.control(Opcode.pong, Uint8Array.of(1, 2, 3))), '8a8301020304000000')
    assert.is(hex(framing.control(Opcode.ping, Uint8Array.of())), '898001020304')
  })
})

spec('slices', (it) => {
  it('of one frame that is as large as a slice', () => {
    const { chunks } = encode([256 * kib, 256 * kib, 1])
    assert.equal(
      chunks.map(({ length }) => length),
      [256 * kib + 10, 256 * kib + 13],
    )
  })

  it('of what is not made of frames end, and come to an end', () => {
    for (const fill of [0, 0x7e, 0x7f, 0xff]) {
      const bytes = new Uint8Array(3_000).fill(fill)
      for (let left = bytes; left.length > 0;) {
        const end = endOfSlice(left, 1_000)
        assert.ok(end > 0 && end <= left.length)
        left = left.subarray(end)
      }
    }
  })
})
