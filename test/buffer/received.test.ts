import * as assert from 'uvu/assert'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { BufferType } from '../../src/constants/BufferType.ts'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import { copyBuffer } from '../../src/buffer/copyBuffer.ts'
import { bufferExists, createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import { fillBuffer } from '../../src/buffer/fillBuffer.ts'
import {
  getBufferAlignment,
  getBufferBytes,
  getBufferKind,
  getBufferSize,
  getBufferUsedSize,
  setBufferUsedSize,
} from '../../src/buffer/getBufferSize.ts'
import { NetworkBuffer, receivedBuffer } from '../../src/buffer/NetworkBuffer.ts'
import { peekBuffer } from '../../src/buffer/peekBuffer.ts'
import { pokeBuffer } from '../../src/buffer/pokeBuffer.ts'
import { pokeValue } from '../../src/buffer/pokeValue.ts'
import { readBuffer } from '../../src/buffer/readBuffer.ts'
import { resizeBuffer } from '../../src/buffer/resizeBuffer.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { writeBuffer } from '../../src/buffer/writeBuffer.ts'
import { spec } from '../spec.ts'
import { hex, hexOf, received, throwsError, wrong } from './helpers.ts'

const edge = 'ee'.repeat(8)

spec('received buffers', (it) => {
  it('M24: are grow, alignment 1, exact, all used, at position 0', () => {
    const { buffer } = received('010203')
    assert.is(getBufferKind(buffer), BufferKind.grow)
    assert.is(getBufferAlignment(buffer), 1)
    assert.is(getBufferSize(buffer), 3)
    assert.is(getBufferUsedSize(buffer), 3)
    assert.is(tellBuffer(buffer), 0)
    assert.is(hex(buffer), '010203')
  })

  it('are read in place', () => {
    const { buffer, memory } = received('01020304616200ff')
    assert.is(readBuffer(buffer, BufferType.u32), 0x04030201)
    assert.is(readBuffer(buffer, BufferType.string), 'ab')
    assert.is(peekBuffer(buffer, 7, BufferType.u8), 255)
    throwsError(() => readBuffer(buffer, BufferType.u16), 'BadMessageError', 'at position 7')
    assert.is(peekBuffer(buffer, 8, BufferType.u8), undefined)
    assert.ok(getBufferBytes(buffer).buffer === memory.bytes.buffer)
  })

  it('take writes inside their range, and only there', () => {
    const { buffer, memory } = received('00000000')
    writeBuffer(buffer, BufferType.u16, 0x0201)
    pokeBuffer(buffer, 3, BufferType.u8, 4)
    assert.is(pokeValue(buffer, 3, BufferType.u16, 4), -2)
    assert.is(hexOf(memory.bytes), `${edge}01020004${edge}`)
    fillBuffer(buffer, 1, BufferType.u8, 7, 100)
    assert.is(hexOf(memory.bytes), `${edge}01070707${edge}`)
  })

  it('grow into memory of their own', () => {
    const { buffer, memory } = received('0102')
    seekBuffer(buffer, 0, 1)
    assert.is(writeBuffer(buffer, BufferType.u32, -1), 0)
    assert.is(hex(buffer), '01ffffffff000000')
    assert.is(hexOf(memory.bytes), `${edge}0102${edge}`)
  })

  it('never show a neighbour after a change of size', () => {
    const { buffer, memory } = received('01020304')
    resizeBuffer(buffer, 2)
    resizeBuffer(buffer, 6)
    assert.is(hex(buffer), '010200000000')
    const copied = received('0102').buffer
    copyBuffer(createBuffer(1, BufferKind.fixed), 0, 1, copied, 4)
    assert.is(hex(copied), '0102000000')
    assert.is(hexOf(memory.bytes), `${edge}01020304${edge}`)
  })

  it('are copied from and to within one memory', () => {
    const memory = memoryOf(Uint8Array.of(1, 2, 3, 4, 5, 6))
    const first = receivedBuffer(memory, 0, 3)
    const second = receivedBuffer(memory, 3, 3)
    assert.is(copyBuffer(first, 1, 9, second, 0), 0)
    assert.is(hexOf(memory.bytes), '010203020306')
    assert.is(copyBuffer(second, 0, 3, first, 2), 0)
    assert.is(hexOf(memory.bytes), '010203020306')
    assert.is(hex(first), '0102020306')
  })

  it('would wrap inside their range', () => {
    const { buffer, memory } = received('00000000')
    const ring = new NetworkBuffer(memory, buffer.start, 4, BufferKind.wrap, 1, 4)
    seekBuffer(ring, 0, 3)
    writeBuffer(ring, BufferType.u16, 0x0201)
    pokeBuffer(ring, 6, BufferType.u8, 9)
    assert.is(hexOf(memory.bytes), `${edge}02000901${edge}`)
    assert.is(peekBuffer(ring, 3, BufferType.u16), 0x0201)
    copyBuffer(createBuffer(2, BufferKind.fixed), 0, 2, ring, 3)
    assert.is(hexOf(memory.bytes), `${edge}00000900${edge}`)
  })

  it('end with a FreedError in every function', () => {
    const { buffer } = received('0102')
    deleteBuffer(buffer)
    assert.is(bufferExists(buffer), false)
    const other = createBuffer(1, BufferKind.grow)
    const calls: Record<string, () => unknown> = {
      readBuffer: () => readBuffer(buffer, BufferType.u8),
      writeBuffer: () => writeBuffer(buffer, BufferType.u8, 1),
      peekBuffer: () => peekBuffer(buffer, 0, BufferType.u8),
      pokeBuffer: () => pokeBuffer(buffer, 0, BufferType.u8, 1),
      seekBuffer: () => seekBuffer(buffer, 0, 0),
      tellBuffer: () => tellBuffer(buffer),
      fillBuffer: () => fillBuffer(buffer, 0, BufferType.u8, 0, 1),
      resizeBuffer: () => resizeBuffer(buffer, 1),
      copyBuffer: () => copyBuffer(buffer, 0, 1, other, 0),
      getBufferSize: () => getBufferSize(buffer),
      getBufferUsedSize: () => getBufferUsedSize(buffer),
      setBufferUsedSize: () => setBufferUsedSize(buffer, 1),
      getBufferKind: () => getBufferKind(buffer),
      getBufferAlignment: () => getBufferAlignment(buffer),
      getBufferBytes: () => getBufferBytes(buffer),
    }
    for (const [name, call] of Object.entries(calls)) throwsError(call, 'FreedError', name)
  })

  it('name the function that was given something else', () => {
    throwsError(
      () => tellBuffer(wrong(5)),
      'TypeError',
      'tellBuffer: buffer must be a buffer, got 5',
    )
    throwsError(() => getBufferBytes(wrong(null)), 'TypeError', 'getBufferBytes', 'got null')
  })
})
