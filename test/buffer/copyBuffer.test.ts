import * as assert from 'uvu/assert'
import { BufferError } from '../../src/constants/BufferError.ts'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { BufferType } from '../../src/constants/BufferType.ts'
import { copyBuffer } from '../../src/buffer/copyBuffer.ts'
import { createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import { fillBuffer } from '../../src/buffer/fillBuffer.ts'
import { fillWithValue } from '../../src/buffer/fillWithValue.ts'
import { getBufferSize, getBufferUsedSize } from '../../src/buffer/getBufferSize.ts'
import { readBuffer } from '../../src/buffer/readBuffer.ts'
import { resizeBuffer } from '../../src/buffer/resizeBuffer.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { writeBuffer } from '../../src/buffer/writeBuffer.ts'
import { writeValue } from '../../src/buffer/writeValue.ts'
import { spec } from '../spec.ts'
import { bufferOf, hex, throwsError, wrong } from './helpers.ts'

const eight = '0102030405060708'

spec('copyBuffer', (it) => {
  it('M10: makes a grow destination exactly as large as needed', () => {
    const destination = createBuffer(4, BufferKind.grow)
    assert.is(copyBuffer(bufferOf(eight), 0, 8, destination, 0), 0)
    assert.is(getBufferSize(destination), 8)
    assert.is(getBufferUsedSize(destination), 8)
    assert.is(tellBuffer(destination), 0)
    assert.is(hex(destination), eight)
    const gap = createBuffer(4, BufferKind.grow)
    copyBuffer(bufferOf(eight), 0, 8, gap, 2)
    assert.is(hex(gap), `0000${eight}`)
    copyBuffer(bufferOf('ff'), 0, 1, gap, 0)
    assert.is(hex(gap), `ff00${eight}`)
    assert.is(getBufferUsedSize(gap), 10)
  })

  it('M11: puts what fits into the other kinds', () => {
    for (const kind of [BufferKind.fixed, BufferKind.fast]) {
      const destination = createBuffer(4, kind)
      assert.is(copyBuffer(bufferOf(eight), 0, 8, destination, 2), 0)
      assert.is(hex(destination), '00000102')
      assert.is(getBufferUsedSize(destination), 4)
      assert.is(copyBuffer(bufferOf(eight), 0, 8, destination, 4), BufferError.outOfSpace)
      assert.is(copyBuffer(bufferOf(eight), 0, 8, destination, 1e300), BufferError.outOfSpace)
      assert.is(copyBuffer(bufferOf(eight), 6, 8, destination, -3), 0)
      assert.is(hex(destination), '07080102')
    }
  })

  it('brings the source range inside', () => {
    const copies = [
      [-3, 2, '0102'],
      [6, 100, '0708'],
      [100, 3, '08'],
      [2, -1, '030405060708'],
      [1.9, 2.9, '0203'],
      [3, 0, ''],
      [0, 1e300, eight],
    ] as const
    for (const [offset, size, expected] of copies) {
      const destination = createBuffer(0, BufferKind.grow)
      assert.is(copyBuffer(bufferOf(eight), offset, size, destination, 0), 0)
      assert.is(hex(destination), expected)
    }
    const destination = bufferOf('ff', BufferKind.grow)
    assert.is(copyBuffer(createBuffer(0, BufferKind.grow), 0, 5, destination, 9), 0)
    assert.is(hex(destination), 'ff')
  })

  it('wraps the source', () => {
    const source = bufferOf('01020304', BufferKind.wrap)
    const destination = createBuffer(0, BufferKind.grow)
    copyBuffer(source, 3, 6, destination, 0)
    assert.is(hex(destination), '040102030401')
    copyBuffer(source, -1, -1, destination, 0)
    assert.is(hex(destination), '040102030401')
  })

  it('wraps the destination', () => {
    const destination = createBuffer(4, BufferKind.wrap)
    assert.is(copyBuffer(bufferOf('0102'), 0, 2, destination, 7), 0)
    assert.is(hex(destination), '02000001')
    assert.is(getBufferUsedSize(destination), 4)
    copyBuffer(bufferOf(eight), 0, 7, destination, 0)
    // 1..4 at 0..3, 5..7 at 0..2
    assert.is(hex(destination), '05060704')
    copyBuffer(bufferOf('010203', BufferKind.wrap), 0, 8, destination, 3)
    // 1 at 3, then 2 3 1 2 at 0..3, then 3 1 2 at 0..2
    assert.is(hex(destination), '03010202')
    const empty = createBuffer(0, BufferKind.wrap)
    assert.is(copyBuffer(bufferOf('01'), 0, 1, empty, 0), BufferError.outOfSpace)
  })

  it('changes nothing when a buffer is copied onto itself', () => {
    const buffer = bufferOf(eight, BufferKind.grow)
    assert.is(copyBuffer(buffer, 0, 8, buffer, 4), BufferError.general)
    assert.is(hex(buffer), eight)
  })

  it('refuses a destination that no buffer can reach', () => {
    const destination = createBuffer(1, BufferKind.grow)
    for (const offset of [2147483647, 1e300])
      assert.is(copyBuffer(bufferOf('01'), 0, 1, destination, offset), BufferError.outOfSpace)
    const ring = bufferOf('01', BufferKind.wrap)
    assert.is(copyBuffer(ring, 0, 2147483648, destination, 0), BufferError.outOfSpace)
    assert.is(getBufferSize(destination), 1)
    const small = createBuffer(2, BufferKind.wrap)
    assert.is(copyBuffer(ring, 0, 1e300, small, 0), 0)
    assert.is(hex(small), '0101')
  })

  it('refuses numbers that are not finite and freed buffers', () => {
    const [a, b] = [bufferOf(eight), bufferOf(eight)]
    throwsError(() => copyBuffer(a, Number.NaN, 1, b, 0), 'RangeError', 'copyBuffer: sourceOffset')
    throwsError(() => copyBuffer(a, 0, Infinity, b, 0), 'RangeError', 'copyBuffer: size')
    throwsError(() => copyBuffer(a, 0, 1, b, wrong('0')), 'TypeError', 'destinationOffset')
    deleteBuffer(b)
    throwsError(() => copyBuffer(a, 0, 1, b, 0), 'FreedError', 'copyBuffer')
    throwsError(() => copyBuffer(b, 0, 1, a, 0), 'FreedError', 'copyBuffer')
  })
})

spec('fillBuffer', (it) => {
  it('places whole values at multiples of the alignment', () => {
    const fills = [
      [BufferType.u8, 1, '0100000001000000'],
      [BufferType.u16, 0x1234, '3412000034120000'],
      [BufferType.u64, 1, '0100000000000000'],
    ] as const
    for (const [type, value, expected] of fills) {
      const buffer = createBuffer(8, BufferKind.fixed, 4)
      fillBuffer(buffer, 0, BufferType.u32, -1, 8)
      assert.is(hex(buffer), 'ffffffffffffffff')
      assert.is(fillBuffer(buffer, 0, type, value, 8), 0)
      assert.is(hex(buffer), expected)
      fillBuffer(buffer, 0, BufferType.u32, -1, 8)
      assert.is(fillBuffer(buffer, 1, BufferType.u8, 5, 5), 0)
      assert.is(hex(buffer), 'ff0000000500ffff')
    }
  })

  it('fills with texts', () => {
    const buffer = createBuffer(8, BufferKind.fixed)
    assert.is(fillBuffer(buffer, 0, BufferType.string, 'abc', 8), 0)
    assert.is(hex(buffer), '6162630061626300')
    assert.is(fillBuffer(buffer, 0, BufferType.text, 'é', 8), 0)
    assert.is(hex(buffer), 'c3a9c3a9c3a9c3a9')
    assert.is(fillBuffer(buffer, 0, BufferType.text, '', 8), 0)
    assert.is(hex(buffer), 'c3a9c3a9c3a9c3a9')
  })

  it('zeroes a rest that is too short', () => {
    const buffer = bufferOf('ffffffffffffff')
    assert.is(fillBuffer(buffer, 1, BufferType.u16, 0x0201, 5), 0)
    assert.is(hex(buffer), 'ff0102010200ff')
  })

  it('stops at the end, does not grow, does not move', () => {
    const buffer = createBuffer(512, BufferKind.grow)
    seekBuffer(buffer, 0, 7)
    assert.is(fillBuffer(buffer, 256, BufferType.text, 'b', 512), 0)
    assert.is(hex(buffer), '00'.repeat(256) + '62'.repeat(256))
    assert.is(getBufferUsedSize(buffer), 512)
    assert.is(tellBuffer(buffer), 7)
  })

  it('means the whole buffer by a negative size', () => {
    const buffer = createBuffer(4, BufferKind.fast)
    assert.is(fillBuffer(buffer, 1, BufferType.u8, 7, -1), 0)
    assert.is(hex(buffer), '00070707')
  })

  it('does nothing outside or for nothing', () => {
    const buffer = createBuffer(4, BufferKind.grow)
    for (const offset of [-1, 4, 1e300])
      assert.is(fillWithValue(buffer, offset, BufferType.u8, 7, 2), BufferError.outOfSpace)
    assert.is(fillBuffer(buffer, 0, BufferType.u8, 7, 0), 0)
    assert.is(hex(buffer), '00000000')
    assert.is(getBufferUsedSize(buffer), 0)
    const empty = createBuffer(0, BufferKind.wrap)
    assert.is(fillWithValue(empty, 0, BufferType.u8, 7, -1), BufferError.outOfSpace)
  })

  it('goes round in a wrap kind', () => {
    const buffer = createBuffer(6, BufferKind.wrap)
    assert.is(fillBuffer(buffer, -1, BufferType.u16, 0x0201, 4), 0)
    assert.is(hex(buffer), '020102000001')
    assert.is(getBufferUsedSize(buffer), 6)
    assert.is(fillBuffer(buffer, 3, BufferType.u8, 9, 1e300), 0)
    assert.is(hex(buffer), '090909090909')
  })

  it('refuses what writeBuffer refuses', () => {
    const buffer = createBuffer(4, BufferKind.fixed)
    assert.is(fillWithValue(buffer, 0, BufferType.u8, 'x', 4), BufferError.invalidType)
    assert.is(fillWithValue(buffer, 0, wrong(99), 1, 4), BufferError.invalidType)
    const fast = createBuffer(4, BufferKind.fast)
    assert.is(fillWithValue(fast, 0, BufferType.u16, 1, 4), BufferError.invalidType)
    for (const value of ['x', undefined, Number.NaN]) {
      const run = (): unknown => fillBuffer(buffer, 0, BufferType.u8, wrong(value), 4)
      throwsError(run, 'TypeError', 'fillBuffer: value must be a finite number for u8, got ')
    }
    const unknown = (): unknown => fillBuffer(buffer, 0, wrong(99), wrong(1), 4)
    throwsError(unknown, 'TypeError', 'fillBuffer: type must be a BufferType')
    throwsError(() => fillBuffer(fast, 0, BufferType.u16, 1, 4), 'TypeError', 'fillBuffer: type')
    for (const offset of [-1, 4, 1e300])
      throwsError(
        () => fillBuffer(buffer, offset, BufferType.u8, 7, 2),
        'RangeError',
        'fillBuffer: offset must lie in the buffer of 4 bytes',
      )
    assert.is(hex(buffer), '00000000')
    throwsError(() => fillBuffer(buffer, Number.NaN, BufferType.u8, 1, 4), 'RangeError', 'offset')
    throwsError(() => fillBuffer(buffer, 0, BufferType.u8, 1, Number.NaN), 'RangeError', 'size')
    deleteBuffer(buffer)
    throwsError(() => fillBuffer(buffer, 0, BufferType.u8, 1, 4), 'FreedError', 'fillBuffer')
  })
})

spec('resizeBuffer', (it) => {
  it('keeps the prefix and the position, and counts the position as used', () => {
    const buffer = createBuffer(8, BufferKind.fixed)
    writeBuffer(buffer, BufferType.u32, -1)
    resizeBuffer(buffer, 2)
    assert.is(hex(buffer), 'ffff')
    assert.is(tellBuffer(buffer), 4)
    assert.is(getBufferUsedSize(buffer), 2)
    resizeBuffer(buffer, 6)
    assert.is(hex(buffer), 'ffff00000000')
    assert.is(getBufferUsedSize(buffer), 4)
    assert.is(tellBuffer(buffer), 4)
  })

  it('lets texts and numbers deal with a position outside', () => {
    const buffer = bufferOf(eight)
    seekBuffer(buffer, 0, 8)
    resizeBuffer(buffer, 2)
    assert.is(readBuffer(buffer, BufferType.string), '')
    throwsError(() => readBuffer(buffer, BufferType.u8), 'RangeError', 'at position 8')
    assert.is(writeValue(buffer, BufferType.u8, 1), BufferError.outOfSpace)
    assert.is(seekBuffer(buffer, 1, 0), 2)
  })

  it('takes every size that createBuffer takes', () => {
    const buffer = createBuffer(8, BufferKind.wrap)
    resizeBuffer(buffer, 3.9)
    assert.is(getBufferSize(buffer), 3)
    resizeBuffer(buffer, 0)
    assert.is(hex(buffer), '')
    for (const size of [-1, Number.NaN, Infinity, 2147483648])
      throwsError(() => resizeBuffer(buffer, size), 'RangeError', 'resizeBuffer: size')
    deleteBuffer(buffer)
    throwsError(() => resizeBuffer(buffer, 1), 'FreedError', 'resizeBuffer')
  })
})
