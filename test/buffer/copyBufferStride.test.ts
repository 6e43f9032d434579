import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { BufferError } from '../../src/constants/BufferError.ts'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { BufferType } from '../../src/constants/BufferType.ts'
import { copyBufferStride } from '../../src/buffer/copyBufferStride.ts'
import { createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import { getBufferBytes, getBufferUsedSize } from '../../src/buffer/getBufferSize.ts'
import { type NetworkBuffer } from '../../src/buffer/NetworkBuffer.ts'
import { peekBuffer } from '../../src/buffer/peekBuffer.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { writeBuffer } from '../../src/buffer/writeBuffer.ts'
import { spec } from '../spec.ts'
import { bufferOf, hex, hexOf, kinds, received, throwsError, wrong } from './helpers.ts'

const eight = '0102030405060708'

/** The numbers of a call, in its order. */
type Numbers = [
  sourceOffset: number,
  itemSize: number,
  sourceStride: number,
  count: number,
  destinationOffset: number,
  destinationStride: number,
]

function copy(
  source: NetworkBuffer,
  destination: NetworkBuffer,
  [sourceOffset, itemSize, sourceStride, count, destinationOffset, destinationStride]: Numbers,
): 0 | BufferError {
  return copyBufferStride(
    source,
    sourceOffset,
    itemSize,
    sourceStride,
    count,
    destination,
    destinationOffset,
    destinationStride,
  )
}

function floats(values: readonly number[]): NetworkBuffer {
  const buffer = createBuffer(values.length * 4, BufferKind.fixed, 4)
  for (const value of values) writeBuffer(buffer, BufferType.f32, value)
  return buffer
}

function floatsAt(buffer: NetworkBuffer, count: number, stride: number): unknown[] {
  return Array.from({ length: count }, (_, at) => peekBuffer(buffer, at * stride, BufferType.f32))
}

spec('copyBufferStride', (it) => {
  // The three examples of GameMaker's manual.
  it('M12: takes every third pair of bytes', () => {
    const source = bufferOf('000102030405060708090a0b0c0d0e0f1011121314151617')
    const destination = createBuffer(16, BufferKind.fixed)
    seekBuffer(destination, 0, 3)
    assert.is(copyBufferStride(source, 6, 2, 6, 3, destination, 8, 2), 0)
    assert.is(hex(destination), '000000000000000006070c0d12130000')
    assert.is(getBufferUsedSize(destination), 14)
    assert.is(tellBuffer(destination), 3)
    assert.is(tellBuffer(source), 0)
  })

  it('M13: turns numbers round', () => {
    const numbers = Array.from({ length: 100 }, (_, at) => at)
    const destination = createBuffer(2048, BufferKind.fixed, 4)
    assert.is(copyBufferStride(floats(numbers), -4, 4, -4, 100, destination, 0, 12), 0)
    assert.equal(floatsAt(destination, 100, 12), numbers.toReversed())
    assert.is(peekBuffer(destination, 4, BufferType.f32), 0)
    assert.is(getBufferUsedSize(destination), 99 * 12 + 4)
  })

  it('M14: makes an identity matrix of one number', () => {
    const destination = createBuffer(64, BufferKind.fixed, 4)
    assert.is(copyBufferStride(floats([1]), 0, 4, 0, 4, destination, 0, 20), 0)
    assert.equal(floatsAt(destination, 16, 4), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
  })

  it('enlarges a grow destination to the item that reaches highest', () => {
    const copies: [Numbers, result: string, used: number][] = [
      [[0, 2, 2, 3, 1, 3], '000102000304000506', 9],
      [[0, 2, 2, 3, 6, -3], '0506000304000102', 8],
      // The source ends after two items and a half.
      [[3, 2, 2, 4, 0, 2], '0405060708000000', 5],
      [[0, 1, 1, 1, 0, 100], '01000000', 1],
    ]
    for (const [numbers, result, used] of copies) {
      const destination = createBuffer(4, BufferKind.grow)
      assert.is(copy(bufferOf(eight), destination, numbers), 0)
      assert.is(hex(destination), result, String(numbers))
      assert.is(getBufferUsedSize(destination), used)
    }
  })

  it('stops at the first byte outside', () => {
    const copies: [Numbers, result: string, used: number][] = [
      // In the destination: behind its end, and before its start.
      [[0, 2, 2, 4, 1, 2], 'ff01020304', 5],
      [[0, 2, 2, 4, 2, -2], '03040102ff', 4],
      // In the source.
      [[6, 2, 2, 4, 0, 2], '0708ffffff', 2],
      [[2, 1, -1, 5, 0, 1], '030201ffff', 3],
      [[7, 3, 1, 5, 0, 1], '08ffffffff', 1],
    ]
    for (const kind of [BufferKind.fixed, BufferKind.fast])
      for (const [numbers, result, used] of copies) {
        const destination = bufferOf('ffffffffff', kind)
        destination.used = 0
        assert.is(copy(bufferOf(eight), destination, numbers), 0)
        assert.is(hex(destination), result, String(numbers))
        assert.is(getBufferUsedSize(destination), used)
      }
  })

  it('counts negative offsets from the end', () => {
    const copies: [Numbers, result: string][] = [
      [[-2, 2, 0, 1, 0, 0], '0708000000'],
      [[-9, 1, 0, 1, 0, 0], '0800000000'],
      [[0, 2, 0, 1, -2, 0], '0000000102'],
      [[0, 1, 0, 1, -6, 0], '0000000001'],
    ]
    for (const [numbers, result] of copies) {
      const destination = createBuffer(5, BufferKind.fixed)
      assert.is(copy(bufferOf(eight), destination, numbers), 0)
      assert.is(hex(destination), result, String(numbers))
    }
    const empty = createBuffer(0, BufferKind.grow)
    assert.is(copy(bufferOf(eight), empty, [0, 2, 0, 1, -3, 0]), 0)
    assert.is(hex(empty), '0102')
  })

  it('goes round in wrap kinds', () => {
    const copies: [Numbers, result: string][] = [
      [[2, 2, 2, 2, 0, 2], '0301020300'],
      [[7, 1, 1, 3, 4, 1], '0301000002'],
      [[0, 1, -1, 4, 0, -2], '0102000301'],
      [[0, 3, 0, 1, 1e9, 0], '0102030000'],
    ]
    for (const [numbers, result] of copies) {
      const destination = createBuffer(5, BufferKind.wrap)
      assert.is(copy(bufferOf('010203', BufferKind.wrap), destination, numbers), 0)
      assert.is(hex(destination), result, String(numbers))
    }
    const ring = createBuffer(3, BufferKind.wrap)
    assert.is(copy(bufferOf(eight), ring, [0, 8, 0, 1, 0, 0]), 0)
    assert.is(hex(ring), '070806')
    assert.is(getBufferUsedSize(ring), 3)
  })

  it('leaves a destination alone when there is nothing to copy or no room', () => {
    const results: [Numbers, kind: BufferKind, result: 0 | BufferError][] = [
      [[0, 0, 1, 5, 0, 1], BufferKind.grow, 0],
      [[0, 1, 1, 0, 0, 1], BufferKind.grow, 0],
      [[8, 1, 1, 5, 0, 1], BufferKind.grow, 0],
      [[0, 1, 1, 5, 2, 1], BufferKind.fixed, BufferError.outOfSpace],
      [[0, 1, 1, 5, 1e300, 1], BufferKind.fast, BufferError.outOfSpace],
      [[0, 1, 1, 2, 2147483646, 1], BufferKind.grow, BufferError.outOfSpace],
      [[0, 1, 1, 2, 0, 1e300], BufferKind.grow, BufferError.outOfSpace],
    ]
    for (const [numbers, kind, result] of results) {
      const destination = bufferOf('abcd', kind)
      assert.is(copy(bufferOf(eight), destination, numbers), result, String(numbers))
      assert.is(hex(destination), 'abcd')
    }
    for (const kind of kinds) {
      const empty = createBuffer(0, kind)
      const expected = kind === BufferKind.grow ? 0 : BufferError.outOfSpace
      assert.is(copy(bufferOf(eight), empty, [0, 1, 1, 2, 0, 1]), expected)
      const destination = bufferOf('abcd', BufferKind.grow)
      assert.is(copy(createBuffer(0, kind), destination, [0, 1, 1, 2, 0, 1]), 0)
      assert.is(hex(destination), 'abcd')
    }
  })

  it('keeps to its own bytes in received buffers', () => {
    const { buffer, memory } = received(eight)
    const copied = createBuffer(4, BufferKind.fixed)
    assert.is(copy(buffer, copied, [6, 1, 1, 4, 0, 1]), 0)
    assert.is(hex(copied), '07080000')
    assert.is(copy(bufferOf('aabb'), buffer, [0, 1, 1, 2, 7, -7]), 0)
    const before = 'ee'.repeat(8) + 'bb020304050607aa' + 'ee'.repeat(8)
    assert.is(hexOf(memory.bytes), before)
    assert.is(copy(bufferOf('aabb'), buffer, [0, 1, 1, 2, 7, 1]), 0)
    assert.is(hex(buffer), 'bb020304050607aabb')
    assert.is(hexOf(memory.bytes), before)
  })

  it('refuses wrong arguments', () => {
    const [a, b] = [bufferOf(eight), bufferOf(eight)]
    assert.is(copy(a, a, [0, 1, 1, 1, 4, 1]), BufferError.general)
    assert.is(hex(a), eight)
    const names = [
      'sourceOffset',
      'itemSize',
      'sourceStride',
      'count',
      'destinationOffset',
      'destinationStride',
    ]
    names.forEach((name, at) => {
      for (const value of [Number.NaN, Infinity, wrong('1')]) {
        const numbers: Numbers = [0, 1, 1, 1, 0, 1]
        numbers[at] = value
        const error = typeof value === 'number' ? 'RangeError' : 'TypeError'
        throwsError(() => copy(a, b, numbers), error, 'copyBufferStride: ', name)
      }
    })
    throwsError(() => copy(a, b, [0, -1, 1, 1, 0, 1]), 'RangeError', 'itemSize', '-1')
    throwsError(() => copy(a, b, [0, 1, 1, -1, 0, 1]), 'RangeError', 'count', '-1')
    throwsError(() => copy(a, b, [0, 1, 1, 2147483648, 0, 1]), 'RangeError', 'count')
    deleteBuffer(b)
    throwsError(() => copy(a, b, [0, 1, 1, 1, 0, 1]), 'FreedError', 'copyBufferStride')
    throwsError(() => copy(b, a, [0, 1, 1, 1, 0, 1]), 'FreedError', 'copyBufferStride')
  })

  it('does what byte after byte would', () => {
    const offsets = fc.integer({ min: -30, max: 30 })
    const strides = fc.integer({ min: -7, max: 7 })
    const numbers = fc.tuple(offsets, fc.nat(5), strides, fc.nat(8), offsets, strides)
    const kind = fc.constantFrom(...kinds)
    const bytes = fc.uint8Array({ maxLength: 20 })
    fc.assert(
      fc.property(numbers, kind, kind, bytes, bytes, (given, from, to, read, written) => {
        const source = bufferOf(hexOf(read), from)
        const destination = bufferOf(hexOf(written), to)
        const expected = copied(read, from, written, to, given)
        copy(source, destination, given)
        assert.is(hexOf(getBufferBytes(destination)), hexOf(Uint8Array.from(expected)))
        assert.is(hex(source), hexOf(read))
      }),
      { numRuns: 3000 },
    )
  })
})

/** The same with arrays, one byte at a time. */
function copied(
  read: Uint8Array,
  from: BufferKind,
  before: Uint8Array,
  to: BufferKind,
  [sourceOffset, itemSize, sourceStride, count, destinationOffset, destinationStride]: Numbers,
): number[] {
  const result = [...before]
  const start = begin(sourceOffset, read.length)
  const target = begin(destinationOffset, before.length)
  if (itemSize === 0 || count === 0 || place(start, read.length, from) === undefined) return result
  if (to === BufferKind.grow)
    for (let item = 0; item < count; item++)
      while (result.length < target + item * destinationStride + itemSize) result.push(0)
  for (let item = 0; item < count; item++)
    for (let byte = 0; byte < itemSize; byte++) {
      const at = place(start + item * sourceStride + byte, read.length, from)
      const into = place(target + item * destinationStride + byte, result.length, to)
      if (at === undefined || into === undefined) return result
      result[into] = read[at] ?? 0
    }
  return result
}

function begin(offset: number, size: number): number {
  if (offset >= 0 || size === 0) return Math.max(offset, 0)
  let at = offset
  while (at < 0) at += size
  return at
}

function place(offset: number, size: number, kind: BufferKind): number | undefined {
  if (offset >= 0 && offset < size) return offset
  if (kind !== BufferKind.wrap || size === 0) return undefined
  return ((offset % size) + size) % size
}
