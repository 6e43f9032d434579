import * as assert from 'uvu/assert'
import {
  endOfFrame,
  headerBytesOf,
  lastFrame,
  maskBytes,
  Opcode,
  wordAt,
  writeFrameHeader,
} from '../../../src/protocol/webSocket/frameHeader.ts'
import { spec } from '../../spec.ts'

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** RFC 6455 section 5.2: sizes, and the header of a binary frame that is the last of its message. */
const headers: readonly (readonly [number, string])[] = [
  [0, '8200'],
  [1, '8201'],
  [125, '827d'],
  [126, '827e007e'],
  [0x0102, '827e0102'],
  [0xffff, '827effff'],
  [0x1_0000, '827f0000000000010000'],
  [0x0102_0304, '827f0000000001020304'],
  [0xffff_ffff, '827f00000000ffffffff'],
]

spec('the header of a frame', (it) => {
  for (const [size, header] of headers)
    it(`of ${size} bytes is written, and shows where the frame ends`, () => {
      const bytes = new Uint8Array(17).fill(0xee)
      const count = header.length / 2
      assert.is(headerBytesOf(size), count)
      assert.is(writeFrameHeader(bytes, 3, lastFrame | Opcode.binary, size, false), 3 + count)
      assert.is(hexOf(bytes), `eeeeee${header}`.padEnd(34, 'ee'))
      assert.is(endOfFrame(bytes, 3), 3 + count + size)
      assert.is(writeFrameHeader(bytes, 3, lastFrame | Opcode.binary, size, true), 3 + count)
      bytes[4]! &= 0x7f
      assert.is(hexOf(bytes), `eeeeee${header}`.padEnd(34, 'ee'))
      bytes[4]! |= 0x80
      assert.is(endOfFrame(bytes, 3), 3 + count + maskBytes + size)
    })

  it('has words of big-endian bytes', () => {
    assert.is(wordAt(Uint8Array.of(9, 1, 2, 3, 4), 1), 0x0102_0304)
    assert.is(wordAt(Uint8Array.of(0xff, 0xff, 0xff, 0xfe), 0), -2)
  })
})
