import * as assert from 'uvu/assert'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { BufferType } from '../../src/constants/BufferType.ts'
import { createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import { setBufferUsedSize } from '../../src/buffer/getBufferSize.ts'
import { readBuffer } from '../../src/buffer/readBuffer.ts'
import { resizeBuffer } from '../../src/buffer/resizeBuffer.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { writeBuffer } from '../../src/buffer/writeBuffer.ts'
import { spec } from '../spec.ts'
import { bufferOf, received, throwsError, wrong } from './helpers.ts'

spec('readBuffer', (it) => {
  it('decodes each type, and stands behind it', () => {
    const vectors: [BufferType, string, unknown][] = [
      [BufferType.u8, 'ff', 255],
      [BufferType.s8, 'c8', -56],
      [BufferType.u16, '7011', 4464],
      [BufferType.s16, '409c', -25536],
      [BufferType.u32, 'ffffffff', 4294967295],
      [BufferType.s32, 'ffffffff', -1],
      [BufferType.f16, '0168', 2050],
      [BufferType.f32, '0000c03f', 1.5],
      [BufferType.f64, '9a9999999999b9bf', -0.1],
      [BufferType.u64, 'ffffffffffffffff', 18446744073709551615n],
      [BufferType.u64, '0807060504030201', 0x0102030405060708n],
      [BufferType.bool, '00', false],
      [BufferType.bool, '01', true],
      [BufferType.bool, '02', false],
      [BufferType.bool, 'ff', false],
      [BufferType.text, '68c3a96c6c6fe282acf09f9880', 'héllo€😀'],
      [BufferType.string, '68c3a96c6c6fe282acf09f988000', 'héllo€😀'],
    ]
    for (const [type, bytes, expected] of vectors)
      for (const buffer of [
        bufferOf(bytes),
        bufferOf(bytes, BufferKind.wrap),
        received(bytes).buffer,
      ]) {
        assert.is(readBuffer(buffer, type), expected)
        assert.is(tellBuffer(buffer), bytes.length / 2)
      }
  })

  it('types its result by the data type', () => {
    const buffer = bufferOf('00'.repeat(16))
    const results: [number, bigint, boolean, string] = [
      readBuffer(buffer, BufferType.f32),
      readBuffer(buffer, BufferType.u64),
      readBuffer(buffer, BufferType.bool),
      readBuffer(buffer, BufferType.string),
    ]
    assert.equal(results, [0, 0n, false, ''])
  })

  it('M4: reads a string back', () => {
    const buffer = createBuffer(10240, BufferKind.grow)
    writeBuffer(buffer, BufferType.string, 'Hello World')
    assert.is(tellBuffer(buffer), 12)
    seekBuffer(buffer, 0, 0)
    assert.is(readBuffer(buffer, BufferType.string), 'Hello World')
    assert.is(tellBuffer(buffer), 12)
  })

  it('throws past the end and stays where it was', () => {
    const buffer = bufferOf('0102030405060708')
    seekBuffer(buffer, 0, 6)
    throwsError(
      () => readBuffer(buffer, BufferType.u32),
      'RangeError',
      'readBuffer: u32 needs 4 bytes at position 6, but the buffer has 8',
    )
    assert.is(tellBuffer(buffer), 6)
    assert.is(readBuffer(buffer, BufferType.u16), 0x0807)
    throwsError(
      () => readBuffer(buffer, BufferType.bool),
      'RangeError',
      'bool needs 1 byte at position 8, but the buffer has 8',
    )
    throwsError(
      () => readBuffer(createBuffer(0, BufferKind.wrap), BufferType.u8),
      'RangeError',
      'u8 needs 1 byte at position 0, but the buffer has 0',
    )
    const aligned = createBuffer(6, BufferKind.fixed, 4)
    seekBuffer(aligned, 0, 1)
    throwsError(() => readBuffer(aligned, BufferType.u32), 'RangeError', 'at position 4')
    assert.is(tellBuffer(aligned), 1)
  })

  it('reads numbers between the used size and the size', () => {
    assert.is(readBuffer(createBuffer(4, BufferKind.grow), BufferType.u32), 0)
  })

  it('aligns as writing does', () => {
    const buffer = bufferOf('0100000002000000', BufferKind.fixed)
    const aligned = createBuffer(8, BufferKind.fixed, 4)
    for (const byte of [1, 2]) writeBuffer(aligned, BufferType.u8, byte)
    seekBuffer(aligned, 0, 0)
    assert.is(readBuffer(aligned, BufferType.u8), 1)
    assert.is(readBuffer(aligned, BufferType.u32), 2)
    assert.is(tellBuffer(aligned), 8)
    assert.is(readBuffer(buffer, BufferType.u8), 1)
    assert.is(readBuffer(buffer, BufferType.u32), 0x02000000)
  })

  it('refuses unknown types, freed buffers and what is no buffer', () => {
    const buffer = bufferOf('0102')
    for (const type of [0, 14, -1, 1.5, Number.NaN, 'u8', undefined])
      throwsError(() => readBuffer(buffer, wrong(type)), 'TypeError', 'readBuffer: type must be')
    assert.is(tellBuffer(buffer), 0)
    deleteBuffer(buffer)
    throwsError(() => readBuffer(buffer, BufferType.u8), 'FreedError', 'readBuffer')
    throwsError(() => readBuffer(wrong({}), BufferType.u8), 'TypeError', 'readBuffer: buffer')
  })
})

spec('readBuffer texts', (it) => {
  it('ends both text types at a NUL byte, which is passed over', () => {
    for (const type of [BufferType.string, BufferType.text]) {
      const buffer = bufferOf('616200630064')
      assert.is(readBuffer(buffer, type), 'ab')
      assert.is(tellBuffer(buffer), 3)
      assert.is(readBuffer(buffer, type), 'c')
      assert.is(readBuffer(buffer, type), 'd')
      assert.is(tellBuffer(buffer), 6)
      assert.is(readBuffer(buffer, type), '')
      assert.is(tellBuffer(buffer), 6)
    }
  })

  it('stops at the used size', () => {
    const buffer = createBuffer(16, BufferKind.grow)
    writeBuffer(buffer, BufferType.text, 'abc')
    writeBuffer(buffer, BufferType.text, 'def')
    seekBuffer(buffer, 0, 0)
    assert.is(readBuffer(buffer, BufferType.text), 'abcdef')
    assert.is(tellBuffer(buffer), 6)
    seekBuffer(buffer, 0, 10)
    assert.is(readBuffer(buffer, BufferType.string), '')
    assert.is(tellBuffer(buffer), 10)
    setBufferUsedSize(buffer, 2)
    seekBuffer(buffer, 0, 0)
    assert.is(readBuffer(buffer, BufferType.string), 'ab')
  })

  it('gives an empty text at the end', () => {
    const buffer = bufferOf('6162')
    seekBuffer(buffer, 0, 2)
    assert.is(readBuffer(buffer, BufferType.string), '')
    assert.is(readBuffer(buffer, BufferType.text), '')
    assert.is(readBuffer(createBuffer(0, BufferKind.wrap), BufferType.string), '')
  })

  it('replaces malformed UTF-8 and keeps a byte order mark', () => {
    const vectors = [
      ['ff6100', '\ufffda'],
      ['61c300', 'a\ufffd'],
      ['efbbbf6100', '\ufeffa'],
      ['f09f9800', '\ufffd'],
    ] as const
    for (const [bytes, expected] of vectors)
      assert.is(readBuffer(bufferOf(bytes), BufferType.string), expected, bytes)
  })

  it('finds the end of texts of every length', () => {
    for (const unit of ['x', 'é', '😀'])
      for (let length = 0; length < 80; length++) {
        const text = unit.repeat(length)
        const bytes = `${Buffer.from(text).toString('hex')}00ff`
        const { buffer } = received(bytes)
        assert.is(readBuffer(buffer, BufferType.string), text)
        assert.is(tellBuffer(buffer), bytes.length / 2 - 1)
      }
  })

  it('never reads into a neighbour', () => {
    const { buffer } = received('6161')
    assert.is(readBuffer(buffer, BufferType.string), 'aa')
    assert.is(tellBuffer(buffer), 2)
  })
})

spec('readBuffer from wrap kinds', (it) => {
  it('continues a number at the start', () => {
    const buffer = bufferOf('030400000102', BufferKind.wrap)
    seekBuffer(buffer, 0, 4)
    assert.is(readBuffer(buffer, BufferType.u32), 0x04030201)
    assert.is(tellBuffer(buffer), 2)
    seekBuffer(buffer, 0, 6)
    assert.is(readBuffer(buffer, BufferType.u16), 0x0403)
    const small = bufferOf('0102', BufferKind.wrap)
    assert.is(readBuffer(small, BufferType.u64), 0x0201020102010201n)
  })

  it('continues a text at the start when it is full', () => {
    const buffer = bufferOf('626300000061', BufferKind.wrap)
    seekBuffer(buffer, 0, 5)
    assert.is(readBuffer(buffer, BufferType.string), 'abc')
    assert.is(tellBuffer(buffer), 3)
    const split = bufferOf('a96200c3', BufferKind.wrap)
    seekBuffer(split, 0, 3)
    assert.is(readBuffer(split, BufferType.string), 'éb')
    assert.is(tellBuffer(split), 3)
  })

  it('passes over a NUL byte that stands first', () => {
    const buffer = bufferOf('00626361', BufferKind.wrap)
    seekBuffer(buffer, 0, 3)
    assert.is(readBuffer(buffer, BufferType.string), 'a')
    assert.is(tellBuffer(buffer), 1)
  })

  it('reads one round of a text without an end', () => {
    const buffer = bufferOf('61626364', BufferKind.wrap)
    assert.is(readBuffer(buffer, BufferType.text), 'abcd')
    assert.is(tellBuffer(buffer), 4)
    seekBuffer(buffer, 0, 1)
    assert.is(readBuffer(buffer, BufferType.text), 'bcda')
    assert.is(tellBuffer(buffer), 1)
  })

  it('stops at the used size while it is not full', () => {
    const buffer = bufferOf('61626364', BufferKind.wrap)
    setBufferUsedSize(buffer, 3)
    seekBuffer(buffer, 0, 1)
    assert.is(readBuffer(buffer, BufferType.text), 'bc')
    assert.is(tellBuffer(buffer), 3)
  })

  it('reads an empty text where everything was resized away', () => {
    const buffer = bufferOf('61', BufferKind.wrap)
    readBuffer(buffer, BufferType.u8)
    resizeBuffer(buffer, 0)
    assert.is(readBuffer(buffer, BufferType.string), '')
    assert.is(tellBuffer(buffer), 1)
  })

  it('reads back what was written round the end, aligned', () => {
    const buffer = createBuffer(6, BufferKind.wrap, 4)
    for (let i = 1; i <= 4; i++) {
      const before = { position: buffer.position, alignOffset: buffer.alignOffset }
      writeBuffer(buffer, BufferType.u16, i)
      Object.assign(buffer, before)
      assert.is(readBuffer(buffer, BufferType.u16), i)
    }
  })
})
