import * as assert from 'uvu/assert'
import { createBitReader, isAtEnd, readBits, startBits } from '../../src/bits/BitReader.ts'
import {
  alignBits,
  type BitWriter,
  bitsWritten,
  createBitWriter,
  markBits,
  rewindBits,
  writeBits,
} from '../../src/bits/BitWriter.ts'
import {
  classLimit,
  readClass,
  unzigzag,
  wholeFollows,
  writeClass,
  zigzag,
} from '../../src/bits/classCode.ts'
import { readVu, vuBits, writeVu } from '../../src/bits/vu.ts'
import { mulberry32 } from '../lib/random.ts'
import { rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'

const hex = (writer: BitWriter): string =>
  Buffer.from(writer.bytes.subarray(0, alignBits(writer))).toString('hex')

function written(write: (writer: BitWriter) => void): string {
  const writer = createBitWriter(64)
  write(writer)
  return hex(writer)
}

function readerOf(bytesHex: string) {
  const reader = createBitReader()
  startBits(reader, Buffer.from(bytesHex, 'hex'), 0)
  return reader
}

spec('bits', (it) => {
  it('fill each byte from its lowest bit', () => {
    // 1, then 01 (2 bits), then 10110 (5 bits): 10110 01 1.
    assert.is(
      written((writer) => {
        writeBits(writer, 1, 1)
        writeBits(writer, 1, 2)
        writeBits(writer, 0b10110, 5)
      }),
      'b3',
    )
    // Whole integers come out little-endian; the last byte is filled with zeros.
    assert.is(
      written((writer) => {
        writeBits(writer, 0x12345678, 32)
        writeBits(writer, 0x1abc, 16)
        writeBits(writer, 1, 1)
      }),
      '78563412bc1a01',
    )
    // Three bits, then 32: 0x80000001 << 3 | 7.
    assert.is(
      written((writer) => {
        writeBits(writer, 7, 3)
        writeBits(writer, 0x80000001, 32)
      }),
      '0f00000004',
    )
  })

  it(`come back as they were written, SEED=${rowSeed}`, () => {
    const random = mulberry32(rowSeed)
    for (let round = 0; round < 300; round++) {
      const writer = createBitWriter(4_096)
      const values = Array.from({ length: 50 }, () => {
        const count = Math.floor(random() * 33)
        return { count, value: Math.floor(random() * 2 ** count) }
      })
      for (const { count, value } of values) writeBits(writer, value, count)
      const size = values.reduce((sum, { count }) => sum + count, 0)
      assert.is(bitsWritten(writer), size)
      const reader = readerOf(hex(writer))
      for (const { count, value } of values) assert.is(readBits(reader, count), value)
      assert.ok(isAtEnd(reader))
    }
  })

  it('take only the lowest bits of a value', () => {
    assert.is(
      written((writer) => {
        writeBits(writer, -1, 4)
        writeBits(writer, 0, 4)
        writeBits(writer, -2, 32)
      }),
      '0ffeffffff',
    )
  })

  it('go back to a mark', () => {
    const writer = createBitWriter(64)
    const mark = { at: 0, held: 0, heldBits: 0 }
    writeBits(writer, 5, 3)
    markBits(writer, mark)
    writeBits(writer, 0xffffffff, 32)
    rewindBits(writer, mark)
    writeBits(writer, 0, 1)
    assert.is(hex(writer), '05')
  })

  it('do not grow behind the limit', () => {
    const writer = createBitWriter(16)
    for (let at = 0; at < 100; at++) writeBits(writer, 0xff, 8)
    assert.ok(writer.failed)
    assert.ok(writer.bytes.length <= 20)
  })

  it('are 0 behind the end, and the reader has failed', () => {
    const reader = readerOf('ff')
    assert.is(readBits(reader, 7), 0x7f)
    assert.is(readBits(reader, 2), 0)
    assert.ok(reader.failed)
    assert.is(readBits(reader, 32), 0)
    assert.not.ok(isAtEnd(reader))
    const none = createBitReader()
    startBits(none, new Uint8Array(2), 3)
    assert.is(readBits(none, 8), 0)
    assert.ok(none.failed)
  })

  it('end where nothing is left but zeros of the last byte', () => {
    for (const [bytesHex, isEnd] of [
      ['05', true],
      ['0d', false],
      ['0500', false],
    ] as const) {
      const reader = readerOf(bytesHex)
      readBits(reader, 3)
      assert.is(isAtEnd(reader), isEnd, bytesHex)
    }
  })
})

spec('vu', (it) => {
  // By hand: marks from the left, then the number less the smaller ones, lowest bit first.
  const golden: readonly (readonly [value: number, hex: string, bits: number])[] = [
    [0, '00', 5],
    [1, '02', 5],
    [15, '1e', 5],
    [16, '0100', 10],
    [17, '0500', 10],
    [271, 'fd03', 10],
    [272, '030000', 19],
    [65_807, 'fbff07', 19],
    [65_808, '8708080000', 35],
    [4_294_967_295, 'ffffffff07', 35],
  ]

  it('is as the page says', () => {
    for (const [value, bytesHex, bits] of golden) {
      assert.is(
        written((writer) => writeVu(writer, value)),
        bytesHex,
        `${value}`,
      )
      assert.is(vuBits(value), bits)
      assert.is(readVu(readerOf(bytesHex)), value)
    }
  })

  it('comes back, whatever it is', () => {
    const random = mulberry32(rowSeed)
    for (let round = 0; round < 2_000; round++) {
      const value = Math.floor(random() * 2 ** Math.floor(random() * 33))
      const reader = readerOf(written((writer) => writeVu(writer, value)))
      assert.is(readVu(reader), value)
      assert.not.ok(reader.failed)
    }
  })

  it('has one form for each number', () => {
    // 111 and 65,807 in 32 bits, which has a form of 19 bits.
    const reader = readerOf('7f08080000')
    readVu(reader)
    assert.ok(reader.failed)
  })
})

spec('the class code', (it) => {
  it('is as the page says', () => {
    const golden: readonly (readonly [z: number, hex: string])[] = [
      [0, '00'],
      [15, '1e'],
      [16, '0100'],
      [143, 'fd01'],
      [144, '0300'],
      [1_167, 'fb1f'],
    ]
    for (const [z, bytesHex] of golden) {
      assert.is(
        written((writer) => writeClass(writer, z, 0, 16)),
        bytesHex,
        `${z}`,
      )
      assert.is(readClass(readerOf(bytesHex)), z)
    }
    // 111, then 0xabcd in its own 16 bits.
    const bytesHex = written((writer) => writeClass(writer, classLimit, 0xabcd, 16))
    assert.is(bytesHex, '6f5e05')
    assert.is(readClass(readerOf(bytesHex)), wholeFollows)
  })

  it('zigzags every difference of 32 bits', () => {
    for (const [value, z] of [
      [0, 0],
      [-1, 1],
      [1, 2],
      [-2, 3],
      [2 ** 31 - 1, 2 ** 32 - 2],
      [-(2 ** 31), 2 ** 32 - 1],
    ] as const) {
      assert.is(zigzag(value), z)
      assert.is(unzigzag(z), value)
    }
  })
})
