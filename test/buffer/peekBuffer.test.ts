import * as assert from 'uvu/assert'
import { BufferError } from '../../src/constants/BufferError.ts'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { BufferType } from '../../src/constants/BufferType.ts'
import { createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import { getBufferSize, getBufferUsedSize } from '../../src/buffer/getBufferSize.ts'
import { peekBuffer } from '../../src/buffer/peekBuffer.ts'
import { pokeBuffer } from '../../src/buffer/pokeBuffer.ts'
import { pokeValue } from '../../src/buffer/pokeValue.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { spec } from '../spec.ts'
import { bufferOf, hex, throwsError, wrong } from './helpers.ts'

spec('peekBuffer', (it) => {
  it('reads at any offset, unaligned, and does not move', () => {
    const buffer = createBuffer(8, BufferKind.fixed, 8)
    pokeBuffer(buffer, 1, BufferType.u32, 0x04030201)
    seekBuffer(buffer, 0, 3)
    assert.is(peekBuffer(buffer, 1, BufferType.u32), 0x04030201)
    assert.is(peekBuffer(buffer, 2.9, BufferType.u16), 0x0302)
    assert.is(peekBuffer(buffer, -0.5, BufferType.u8), 0)
    assert.is(tellBuffer(buffer), 3)
  })

  it('M6: gives undefined past the end and before the start', () => {
    const buffer = bufferOf('0102030405060708')
    assert.is(peekBuffer(buffer, 8, BufferType.u8), undefined)
    assert.is(peekBuffer(buffer, 5, BufferType.u32), undefined)
    assert.is(peekBuffer(buffer, 4, BufferType.u32), 0x08070605)
    assert.is(peekBuffer(buffer, -1, BufferType.u8), undefined)
    assert.is(peekBuffer(buffer, 1e300, BufferType.u8), undefined)
    assert.is(peekBuffer(buffer, 8, BufferType.string), '')
    assert.is(peekBuffer(buffer, 9, BufferType.string), undefined)
    assert.is(peekBuffer(buffer, -1, BufferType.text), undefined)
    assert.is(peekBuffer(createBuffer(0, BufferKind.wrap), 0, BufferType.u8), undefined)
  })

  it('reads texts up to NUL or the used size', () => {
    const buffer = bufferOf('61620063')
    assert.is(peekBuffer(buffer, 1, BufferType.string), 'b')
    assert.is(peekBuffer(buffer, 3, BufferType.text), 'c')
    assert.is(peekBuffer(createBuffer(4, BufferKind.grow), 2, BufferType.string), '')
  })

  it('goes round in a wrap kind, but not backwards', () => {
    const buffer = bufferOf('626300000061', BufferKind.wrap)
    assert.is(peekBuffer(buffer, 6, BufferType.u8), 0x62)
    assert.is(peekBuffer(buffer, 5, BufferType.u16), 0x6261)
    assert.is(peekBuffer(buffer, 11, BufferType.string), 'abc')
    assert.is(peekBuffer(buffer, -1, BufferType.u8), undefined)
  })

  it('refuses unknown types, offsets that are no finite number, freed buffers', () => {
    const buffer = bufferOf('0102')
    throwsError(() => peekBuffer(buffer, 0, wrong(99)), 'TypeError', 'peekBuffer: type', 'got 99')
    for (const offset of [Number.NaN, Infinity, -Infinity])
      throwsError(() => peekBuffer(buffer, offset, BufferType.u8), 'RangeError', `got ${offset}`)
    throwsError(() => peekBuffer(buffer, wrong('0'), BufferType.u8), 'TypeError', 'offset')
    deleteBuffer(buffer)
    throwsError(() => peekBuffer(buffer, 0, BufferType.u8), 'FreedError', 'peekBuffer')
  })
})

spec('pokeBuffer', (it) => {
  it('writes at any offset, raises the used size and does not move', () => {
    const buffer = createBuffer(8, BufferKind.grow, 4)
    seekBuffer(buffer, 0, 2)
    assert.is(pokeBuffer(buffer, 1, BufferType.u16, 0x0201), 0)
    assert.is(pokeBuffer(buffer, 4, BufferType.string, 'é'), 0)
    assert.is(pokeBuffer(buffer, 3.9, BufferType.f16, 1), 0)
    assert.is(hex(buffer), '000102003ca90000')
    assert.is(getBufferUsedSize(buffer), 7)
    assert.is(tellBuffer(buffer), 2)
  })

  it('never grows', () => {
    const buffer = createBuffer(1, BufferKind.grow)
    for (const offset of [0, 1, -1, 100, 1e300])
      assert.is(pokeValue(buffer, offset, BufferType.u64, 1), BufferError.outOfSpace)
    assert.is(pokeValue(buffer, 0, BufferType.string, 'a'), BufferError.outOfSpace)
    assert.is(pokeBuffer(buffer, 0, BufferType.text, 'a'), 0)
    assert.is(getBufferSize(buffer), 1)
    assert.is(hex(buffer), '61')
    assert.is(tellBuffer(buffer), 0)
  })

  it('goes round in a wrap kind, but not backwards', () => {
    const buffer = createBuffer(4, BufferKind.wrap)
    assert.is(pokeBuffer(buffer, 7, BufferType.u16, 0x0201), 0)
    assert.is(hex(buffer), '02000001')
    assert.is(getBufferUsedSize(buffer), 4)
    assert.is(pokeValue(buffer, -1, BufferType.u8, 9), BufferError.outOfSpace)
    const empty = createBuffer(0, BufferKind.wrap)
    assert.is(pokeValue(empty, 0, BufferType.u8, 9), BufferError.outOfSpace)
  })

  it('throws where there is no room', () => {
    const buffer = createBuffer(3, BufferKind.grow)
    const message = 'pokeBuffer: u16 needs 2 bytes at offset 2, but the buffer has 3'
    throwsError(() => pokeBuffer(buffer, 2.5, BufferType.u16, 1), 'RangeError', message)
    throwsError(() => pokeBuffer(buffer, -1, BufferType.u8, 1), 'RangeError', 'at offset -1')
    assert.is(getBufferUsedSize(buffer), 0)
  })

  it('refuses what writeBuffer refuses', () => {
    const buffer = createBuffer(4, BufferKind.fixed)
    assert.is(pokeValue(buffer, 0, BufferType.u16, 'x'), BufferError.invalidType)
    assert.is(pokeValue(buffer, 0, wrong(99), 1), BufferError.invalidType)
    assert.is(pokeValue(buffer, 0, wrong(99), 'x'), BufferError.invalidType)
    const fast = createBuffer(4, BufferKind.fast)
    assert.is(pokeValue(fast, 0, BufferType.u16, 1), BufferError.invalidType)
    for (const value of ['x', undefined, null, Number.NaN, true]) {
      const run = (): unknown => pokeBuffer(buffer, 0, BufferType.u16, wrong(value))
      throwsError(run, 'TypeError', 'pokeBuffer: value must be a finite number for u16, got ')
    }
    throwsError(() => pokeBuffer(buffer, 0, wrong(99), wrong(1)), 'TypeError', 'pokeBuffer: type')
    throwsError(() => pokeBuffer(fast, 0, BufferType.u16, 1), 'TypeError', 'pokeBuffer: type')
    assert.is(hex(buffer), '00000000')
    assert.is(pokeBuffer(fast, 3, BufferType.u8, 1), 0)
    assert.is(hex(fast), '00000001')
    throwsError(() => pokeBuffer(buffer, Number.NaN, BufferType.u8, 1), 'RangeError', 'offset')
    deleteBuffer(buffer)
    throwsError(() => pokeBuffer(buffer, 0, BufferType.u8, 1), 'FreedError', 'pokeBuffer')
  })
})
