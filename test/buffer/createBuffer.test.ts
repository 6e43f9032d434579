import * as assert from 'uvu/assert'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { BufferType } from '../../src/constants/BufferType.ts'
import { bufferTypeSize } from '../../src/buffer/bufferTypeSize.ts'
import { bufferExists, createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import {
  getBufferAlignment,
  getBufferBytes,
  getBufferKind,
  getBufferSize,
  getBufferUsedSize,
  setBufferUsedSize,
} from '../../src/buffer/getBufferSize.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { writeBuffer } from '../../src/buffer/writeBuffer.ts'
import { spec } from '../spec.ts'
import { hex, kinds, throwsError, wrong } from './helpers.ts'

spec('createBuffer', (it) => {
  it('starts zeroed, unused, at position 0, for every kind', () => {
    for (const kind of kinds) {
      const buffer = createBuffer(4, kind)
      assert.is(hex(buffer), '00000000')
      assert.is(getBufferSize(buffer), 4)
      assert.is(getBufferUsedSize(buffer), 0)
      assert.is(getBufferKind(buffer), kind)
      assert.is(getBufferAlignment(buffer), 1)
      assert.is(tellBuffer(buffer), 0)
    }
  })

  it('cuts a fractional size', () => {
    assert.is(getBufferSize(createBuffer(7.9, BufferKind.fixed)), 7)
    assert.is(getBufferSize(createBuffer(-0.5, BufferKind.fixed)), 0)
  })

  it('refuses sizes outside 0..2147483647', () => {
    for (const size of [-1, -1e300, Number.NaN, Infinity, -Infinity, 2147483648, 1e300])
      throwsError(
        () => createBuffer(size, BufferKind.fixed),
        'RangeError',
        `createBuffer: size must be an integer in 0..2147483647, got ${Math.trunc(size)}`,
      )
    throwsError(
      () => createBuffer(wrong('4'), BufferKind.fixed),
      'TypeError',
      'createBuffer: size',
      'got "4"',
    )
  })

  it('refuses kinds that do not exist', () => {
    for (const kind of [-1, 4, 0.5, Number.NaN])
      throwsError(() => createBuffer(4, wrong(kind)), 'RangeError', 'createBuffer: kind', `${kind}`)
    throwsError(() => createBuffer(4, wrong(undefined)), 'TypeError', 'createBuffer: kind')
  })

  it('rounds the alignment up to a power of two in 1..1024', () => {
    const rounded = [
      [-5, 1],
      [0, 1],
      [1, 1],
      [2, 2],
      [2.9, 2],
      [3, 4],
      [4, 4],
      [300, 512],
      [512, 512],
      [1024, 1024],
      [1025, 1024],
      [1e300, 1024],
    ] as const
    for (const [alignment, expected] of rounded)
      assert.is(getBufferAlignment(createBuffer(0, BufferKind.fixed, alignment)), expected)
    throwsError(() => createBuffer(4, BufferKind.fixed, Number.NaN), 'RangeError', 'alignment')
    throwsError(() => createBuffer(4, BufferKind.fixed, wrong(null)), 'TypeError', 'alignment')
  })
})

spec('deleteBuffer', (it) => {
  it('frees a buffer, twice without harm', () => {
    const buffer = createBuffer(4, BufferKind.grow)
    assert.is(bufferExists(buffer), true)
    deleteBuffer(buffer)
    deleteBuffer(buffer)
    assert.is(bufferExists(buffer), false)
    throwsError(() => tellBuffer(buffer), 'FreedError', 'tellBuffer')
  })

  it('refuses what is no buffer', () => {
    throwsError(() => deleteBuffer(wrong(3)), 'TypeError', 'deleteBuffer: buffer', 'got 3')
    for (const value of [undefined, null, 0, 'x', {}]) assert.is(bufferExists(value), false)
  })
})

spec('bufferTypeSize', (it) => {
  it('knows the bytes of each type, and 0 for texts and unknown types', () => {
    const sizes = [0, 1, 1, 2, 2, 4, 4, 2, 4, 8, 1, 0, 8, 0, 0]
    sizes.forEach((size, type) => assert.is(bufferTypeSize(wrong(type)), size, `type ${type}`))
    assert.is(bufferTypeSize(wrong('u8')), 0)
  })
})

spec('getBufferSize', (it) => {
  it('sets the used size, kept in 0..size', () => {
    const buffer = createBuffer(16, BufferKind.fixed)
    const used = [
      [10, 10],
      [4, 4],
      [400, 16],
      [-1, 0],
      [3.9, 3],
    ] as const
    for (const [wanted, expected] of used) {
      setBufferUsedSize(buffer, wanted)
      assert.is(getBufferUsedSize(buffer), expected)
    }
    throwsError(() => setBufferUsedSize(buffer, Number.NaN), 'RangeError', 'setBufferUsedSize')
    throwsError(() => setBufferUsedSize(buffer, wrong('3')), 'TypeError', 'setBufferUsedSize')
  })

  it('hands out a view on the live bytes', () => {
    const buffer = createBuffer(4, BufferKind.fixed)
    const bytes = getBufferBytes(buffer)
    writeBuffer(buffer, BufferType.u16, 0x0102)
    assert.is(bytes[0], 2)
    bytes[3] = 9
    assert.is(hex(buffer), '02010009')
  })
})

spec('seekBuffer', (it) => {
  it('M5: keeps the position in 0..size', () => {
    for (const kind of [BufferKind.fixed, BufferKind.grow, BufferKind.fast]) {
      const buffer = createBuffer(16, kind)
      assert.is(seekBuffer(buffer, 0, -5), 0)
      assert.is(seekBuffer(buffer, 0, 26), 16)
      assert.is(tellBuffer(buffer), 16)
      assert.is(seekBuffer(buffer, 1, 1e300), 16)
      assert.is(seekBuffer(buffer, 1, -1e300), 0)
    }
  })

  it('subtracts from the size at base end', () => {
    const buffer = createBuffer(64, BufferKind.fixed)
    assert.is(seekBuffer(buffer, 2, 10), 54)
    assert.is(seekBuffer(buffer, 2, -10), 64)
    assert.is(seekBuffer(buffer, 2, 100), 0)
    for (let n = 0; n <= 64; n++) assert.is(seekBuffer(buffer, 2, n), 64 - n)
  })

  it('reaches every position from the start and from the middle, for every kind', () => {
    for (const kind of kinds) {
      const buffer = createBuffer(8, kind, 4)
      for (let n = 0; n <= 8; n++) assert.is(seekBuffer(buffer, 0, n), n)
      for (let n = -4; n <= 4; n++) {
        seekBuffer(buffer, 0, 4)
        assert.is(seekBuffer(buffer, 1, n), 4 + n)
      }
    }
  })

  it('goes round in a wrap kind, where the size itself may stand', () => {
    const buffer = createBuffer(8, BufferKind.wrap)
    const targets = [
      [8, 8],
      [9, 1],
      [16, 0],
      [-1, 7],
      [-8, 0],
      [-9, 7],
    ] as const
    for (const [offset, expected] of targets) assert.is(seekBuffer(buffer, 0, offset), expected)
    assert.is(seekBuffer(createBuffer(0, BufferKind.wrap), 0, 5), 0)
  })

  it('cuts a fraction', () => {
    const buffer = createBuffer(8, BufferKind.fixed)
    assert.is(seekBuffer(buffer, 0, 3.9), 3)
    assert.is(seekBuffer(buffer, 1, -1.9), 2)
    assert.ok(Object.is(seekBuffer(buffer, 0, -0.5), 0))
  })

  it('refuses other bases and offsets', () => {
    const buffer = createBuffer(8, BufferKind.fixed)
    throwsError(() => seekBuffer(buffer, wrong(3), 0), 'RangeError', 'seekBuffer: base', 'got 3')
    throwsError(() => seekBuffer(buffer, 0, Number.NaN), 'RangeError', 'seekBuffer: offset', 'NaN')
    throwsError(() => seekBuffer(buffer, 0, Infinity), 'RangeError', 'seekBuffer: offset')
    throwsError(() => seekBuffer(buffer, 0, wrong('2')), 'TypeError', 'seekBuffer: offset', '"2"')
  })
})
