import * as assert from 'uvu/assert'
import {
  buffer_create,
  buffer_delete,
  buffer_exists,
} from '../../../src/gml/buffer/bufferCreation.ts'
import { buffer_copy } from '../../../src/gml/buffer/bufferCopying.ts'
import { removeBuffer } from '../../../src/gml/buffer/bufferHandles.ts'
import {
  buffer_get_address,
  buffer_get_alignment,
  buffer_get_size,
  buffer_get_type,
  buffer_get_used_size,
  buffer_resize,
  buffer_set_used_size,
  buffer_sizeof,
} from '../../../src/gml/buffer/bufferProperties.ts'
import { buffer_seek, buffer_tell, buffer_write } from '../../../src/gml/buffer/bufferReadWrite.ts'
import {
  buffer_error_out_of_space,
  buffer_fixed,
  buffer_grow,
  buffer_seek_end,
  buffer_seek_start,
  buffer_u32,
  buffer_u8,
  buffer_vbuffer,
  buffer_wrap,
} from '../../../src/gml/constants.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { bufferOf, eventBufferOf, hex, kinds, staleHandle } from './bufferHelpers.ts'

spec('buffer_create', (it) => {
  it('§5.1: makes zero bytes at position 0 of every kind', () => {
    for (const kind of kinds) {
      const buffer = buffer_create(3, kind, 1)
      assert.is(hex(buffer), '000000')
      assert.is(buffer_tell(buffer), 0)
      assert.is(buffer_get_used_size(buffer), 0)
      assert.is(buffer_get_type(buffer), kind)
    }
  })

  it('makes a vertex buffer that acts as a fixed one', () => {
    const buffer = buffer_create(4, buffer_vbuffer, 4)
    assert.is(buffer_get_type(buffer), buffer_vbuffer)
    assert.is(buffer_get_alignment(buffer), 4)
    assert.is(buffer_seek(buffer, buffer_seek_end, 3), 1)
    assert.is(buffer_write(buffer, buffer_u8, 1), buffer_error_out_of_space)
    buffer_seek(buffer, buffer_seek_start, 0)
    assert.is(buffer_write(buffer, buffer_u32, 0x04030201), 0)
    assert.is(buffer_write(buffer, buffer_u8, 5), buffer_error_out_of_space)
    assert.is(hex(buffer), '01020304')
    buffer_resize(buffer, 2)
    assert.is(buffer_get_type(buffer), buffer_vbuffer)
    const other = buffer_create(2, buffer_fixed, 1)
    buffer_copy(buffer, 0, 2, other, 0)
    assert.is(hex(other), '0102')
    assert.is(buffer_get_type(other), buffer_fixed)
    buffer_delete(buffer)
    assert.is(buffer_get_type(buffer_create(1, buffer_wrap, 1)), buffer_wrap)
  })

  it('§5.1: cuts the size, and makes empty buffers', () => {
    assert.is(buffer_get_size(buffer_create(7.9, buffer_fixed, 1)), 7)
    assert.is(buffer_get_size(buffer_create(0, buffer_grow, 1)), 0)
  })

  const alignments = [
    [-8, 1],
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 4],
    [300, 512],
    [512, 512],
    [1024, 1024],
    [5000, 1024],
  ] as const
  for (const [given, got] of alignments)
    it(`§5.1: alignment ${given} is ${got}`, () => {
      assert.is(buffer_get_alignment(buffer_create(1, buffer_fixed, given)), got)
    })

  it('gives handles that count up, and never one again', () => {
    const first = buffer_create(1, buffer_fixed, 1)
    buffer_delete(first)
    const second = buffer_create(1, buffer_fixed, 1)
    buffer_delete(second)
    const third = buffer_create(1, buffer_fixed, 1)
    assert.ok(first >= 0 && second > first && third > second)
  })

  const refused: [string, unknown, unknown, unknown, string, string][] = [
    ['size -1', -1, 0, 1, 'RangeError', 'size must be'],
    ['size 2^31', 2 ** 31, 0, 1, 'RangeError', 'size must be'],
    ['size NaN', Number.NaN, 0, 1, 'RangeError', 'size must be'],
    ['size "x"', 'x', 0, 1, 'TypeError', 'size must be'],
    ['no size', undefined, 0, 1, 'TypeError', 'size must be'],
    ['type 5', 1, 5, 1, 'RangeError', 'type must be'],
    ['type -1', 1, -1, 1, 'RangeError', 'type must be'],
    ['type 0.5', 1, 0.5, 1, 'RangeError', 'type must be'],
    ['no type', 1, undefined, 1, 'TypeError', 'type must be'],
    ['alignment NaN', 1, 0, Number.NaN, 'RangeError', 'alignment must be'],
    ['no alignment', 1, 0, undefined, 'TypeError', 'alignment must be'],
  ]
  for (const [what, size, type, alignment, error, part] of refused)
    it(`refuses ${what}`, () => {
      throwsError(
        () => buffer_create(wrong(size), wrong(type), wrong(alignment)),
        error,
        'buffer_create: ',
        part,
      )
    })
})

spec('buffer_delete and buffer_exists', (it) => {
  it('§5.1: a deleted buffer does not exist', () => {
    const buffer = buffer_create(1, buffer_fixed, 1)
    assert.is(buffer_exists(buffer), true)
    assert.is(buffer_delete(buffer), undefined)
    assert.is(buffer_exists(buffer), false)
  })

  it('§5.1: nothing else exists', () => {
    for (const handle of [-1, -4, 0.5, 1e9, Infinity, staleHandle()])
      assert.is(buffer_exists(handle), false)
  })

  it('a data event buffer may be deleted before the event ends', () => {
    const { buffer } = eventBufferOf('0102')
    assert.is(buffer_exists(buffer), true)
    buffer_delete(buffer)
    assert.is(buffer_exists(buffer), false)
    assert.is(removeBuffer(buffer), false)
  })
})

spec('buffer sizes', (it) => {
  it('§5.8: a data event buffer is all used, of kind grow and alignment 1', () => {
    const { buffer } = eventBufferOf('010203')
    assert.is(buffer_get_size(buffer), 3)
    assert.is(buffer_get_used_size(buffer), 3)
    assert.is(buffer_get_type(buffer), buffer_grow)
    assert.is(buffer_get_alignment(buffer), 1)
    assert.is(hex(buffer), '010203')
  })

  // bool, string, u64 and text are 10 to 13.
  const sizes = [0, 1, 1, 2, 2, 4, 4, 2, 4, 8, 1, 0, 8, 0, 0]
  it('§5.8: buffer_sizeof', () => {
    assert.equal(
      sizes.map((_, type) => buffer_sizeof(wrong(type))),
      sizes,
    )
    throwsError(() => buffer_sizeof(wrong('u8')), 'TypeError', 'buffer_sizeof: type must be')
  })

  const used = [
    [10, 10],
    [4, 4],
    [400, 16],
    [-1, 0],
    [5.9, 5],
  ] as const
  for (const [given, got] of used)
    it(`§5.8: buffer_set_used_size ${given} of 16`, () => {
      const buffer = buffer_create(16, buffer_fixed, 1)
      assert.is(buffer_set_used_size(buffer, given), undefined)
      assert.is(buffer_get_used_size(buffer), got)
    })

  it('§5.8: buffer_resize keeps bytes and position', () => {
    for (const kind of kinds) {
      const buffer = buffer_create(8, kind, 1)
      for (const value of [1, 2, 3, 4]) buffer_write(buffer, buffer_u8, value)
      assert.is(buffer_resize(buffer, 2), undefined)
      assert.is(buffer_tell(buffer), 4)
      assert.is(buffer_get_used_size(buffer), 2)
      assert.is(hex(buffer), '0102')
      buffer_resize(buffer, 6.5)
      assert.is(buffer_get_used_size(buffer), 4)
      assert.is(hex(buffer), '010200000000')
    }
  })

  it('buffer_resize of a data event buffer leaves its neighbours alone', () => {
    const { buffer, neighbours } = eventBufferOf('0102')
    buffer_resize(buffer, 4)
    assert.is(hex(buffer), '01020000')
    assert.is(neighbours(), 'ee'.repeat(16))
  })

  it('refuses other sizes', () => {
    const buffer = bufferOf('01')
    for (const size of [-1, 2 ** 31, Infinity, Number.NaN])
      throwsError(() => buffer_resize(buffer, size), 'RangeError', 'buffer_resize: newsize must be')
    throwsError(() => buffer_resize(buffer, wrong('nine')), 'TypeError', 'buffer_resize: newsize')
    throwsError(
      () => buffer_set_used_size(buffer, Number.NaN),
      'RangeError',
      'buffer_set_used_size: size',
    )
    assert.is(hex(buffer), '01')
  })
})

spec('buffer_get_address', (it) => {
  it('§5.8: gives the bytes themselves', () => {
    const buffer = buffer_create(4, buffer_fixed, 1)
    buffer_get_address(buffer)![1] = 7
    assert.is(hex(buffer), '00070000')
    buffer_seek(buffer, buffer_seek_start, 0)
    buffer_write(buffer, buffer_u32, 0x04030201)
    assert.equal([...buffer_get_address(buffer)!], [1, 2, 3, 4])
  })

  it('gives no byte of the neighbours of a data event buffer', () => {
    assert.is(buffer_get_address(eventBufferOf('0102').buffer)!.length, 2)
  })
})
