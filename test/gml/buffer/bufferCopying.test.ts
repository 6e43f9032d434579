import * as assert from 'uvu/assert'
import { type BufferValue } from '../../../src/buffer/BufferValue.ts'
import { type BufferKind } from '../../../src/constants/BufferKind.ts'
import { type BufferType } from '../../../src/constants/BufferType.ts'
import {
  buffer_copy,
  buffer_copy_stride,
  buffer_fill,
} from '../../../src/gml/buffer/bufferCopying.ts'
import { buffer_create } from '../../../src/gml/buffer/bufferCreation.ts'
import { buffer_get_size, buffer_get_used_size } from '../../../src/gml/buffer/bufferProperties.ts'
import {
  buffer_peek,
  buffer_seek,
  buffer_tell,
  buffer_write,
} from '../../../src/gml/buffer/bufferReadWrite.ts'
import {
  buffer_f32,
  buffer_fast,
  buffer_fixed,
  buffer_grow,
  buffer_seek_start,
  buffer_string,
  buffer_text,
  buffer_u16,
  buffer_u32,
  buffer_u8,
  buffer_wrap,
} from '../../../src/gml/constants.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { bufferOf, eventBufferOf, hex } from './bufferHelpers.ts'

const eight = '0102030405060708'

interface Fill {
  readonly what: string
  readonly kind?: BufferKind
  readonly align?: number
  readonly call: readonly [number, BufferType, BufferValue, number]
  readonly result?: number
  readonly bytes: string
}

spec('buffer_fill', (it) => {
  const table: Fill[] = [
    { what: 'a part', call: [1, buffer_u8, 7, 2], bytes: 'ff0707ffffffffff' },
    { what: 'negative size: all', call: [0, buffer_u8, 7, -1], bytes: '0707070707070707' },
    { what: 'cut at the end', call: [6, buffer_u16, 0x0201, 99], bytes: 'ffffffffffff0102' },
    {
      what: 'never grows',
      kind: buffer_grow,
      call: [4, buffer_u32, 1, 99],
      bytes: 'ffffffff01000000',
    },
    { what: 'offset -1', call: [-1, buffer_u8, 7, 8], result: -2, bytes: 'ffffffffffffffff' },
    { what: 'offset at the size', call: [8, buffer_u8, 7, 8], result: -2, bytes: 'ff'.repeat(8) },
    {
      what: 'wrap: offset modulo, past the end',
      kind: buffer_wrap,
      call: [-2, buffer_u8, 7, 4],
      bytes: '0707ffffffff0707',
    },
    {
      what: 'alignment 4, u8',
      align: 4,
      call: [0, buffer_u8, 1, 8],
      bytes: '0100000001000000',
    },
    {
      what: 'alignment 4, u16',
      align: 4,
      call: [0, buffer_u16, 0x1234, 8],
      bytes: '3412000034120000',
    },
    {
      what: 'a rest too short becomes zero',
      call: [0, buffer_u16, 0x0201, 5],
      bytes: '0102010200ffffff',
    },
    { what: 'string', call: [0, buffer_string, 'abc', 8], bytes: '6162630061626300' },
    { what: 'text', call: [0, buffer_text, 'a', 8], bytes: '61'.repeat(8) },
    { what: 'fast, u8', kind: buffer_fast, call: [0, buffer_u8, 7, 8], bytes: '07'.repeat(8) },
    {
      what: 'fast, u16',
      kind: buffer_fast,
      call: [0, buffer_u16, 7, 8],
      result: -4,
      bytes: 'ff'.repeat(8),
    },
    {
      what: 'a text for a number',
      call: [0, buffer_u16, 'x', 8],
      result: -4,
      bytes: 'ff'.repeat(8),
    },
    { what: 'no data type', call: [0, wrong(77), 1, 8], result: -4, bytes: 'ff'.repeat(8) },
  ]
  for (const { what, kind = buffer_fixed, align = 1, call, result, bytes } of table)
    it(`§5.9: ${what}`, () => {
      const buffer = bufferOf('ff'.repeat(8), kind, align)
      buffer_seek(buffer, buffer_seek_start, 3)
      assert.is(buffer_fill(buffer, ...call), result)
      assert.is(hex(buffer), bytes)
      assert.is(buffer_tell(buffer), 3)
    })

  it('§5.9: 256 and 512 in 512 bytes fills 256, which are used then', () => {
    const buffer = buffer_create(512, buffer_grow, 1)
    buffer_fill(buffer, 100, buffer_u8, 1, 10)
    assert.is(buffer_get_used_size(buffer), 110)
    buffer_fill(buffer, 256, buffer_u8, 1, 512)
    assert.is(buffer_get_used_size(buffer), 512)
    assert.is(hex(buffer).slice(510, 514), '0001')
  })

  it('fills a data event buffer and nothing around it', () => {
    const { buffer, neighbours } = eventBufferOf('0000')
    buffer_fill(buffer, 0, buffer_u8, 7, 99)
    assert.is(hex(buffer), '0707')
    assert.is(neighbours(), 'ee'.repeat(16))
  })
})

spec('buffer_copy', (it) => {
  it('M10: makes a grow buffer exactly as large as the copy', () => {
    const destination = buffer_create(4, buffer_grow, 1)
    assert.is(buffer_copy(bufferOf(eight), 0, 8, destination, 0), undefined)
    assert.is(hex(destination), eight)
    assert.is(buffer_get_used_size(destination), 8)
    assert.is(buffer_tell(destination), 0)
    const gap = buffer_create(4, buffer_grow, 1)
    buffer_copy(bufferOf(eight), 0, 8, gap, 2)
    assert.is(buffer_get_size(gap), 10)
  })

  it('M11: copies what fits into the kinds with a fixed size', () => {
    for (const kind of [buffer_fixed, buffer_fast] as const) {
      const destination = buffer_create(4, kind, 1)
      assert.is(buffer_copy(bufferOf(eight), 0, 8, destination, 2), undefined)
      assert.is(hex(destination), '00000102')
      assert.is(buffer_copy(bufferOf(eight), 0, 8, destination, 4), -2)
    }
  })

  const ranges: [string, number, number, string][] = [
    ['negative size: all', 0, -1, eight],
    ['offset and all', 6, -1, '0708000000000000'],
    ['negative offset is 0', -3, 2, '0102000000000000'],
    ['offset behind the end is the last byte', 99, 2, '0800000000000000'],
    ['length cut to the rest', 5, 99, '0607080000000000'],
    ['nothing', 0, 0, '0000000000000000'],
  ]
  for (const [what, offset, size, bytes] of ranges)
    it(`§5.10: ${what}`, () => {
      const destination = buffer_create(8, buffer_fixed, 1)
      assert.is(buffer_copy(bufferOf(eight), offset, size, destination, 0), undefined)
      assert.is(hex(destination), bytes)
    })

  it('§5.10: wraps source and destination', () => {
    const destination = buffer_create(4, buffer_wrap, 1)
    buffer_copy(bufferOf('01020304', buffer_wrap), 3, 3, destination, 3)
    assert.is(hex(destination), '01020004')
  })

  it('§5.10: refuses a buffer onto itself', () => {
    const buffer = bufferOf(eight)
    assert.is(buffer_copy(buffer, 0, 4, buffer, 4), -1)
    assert.is(hex(buffer), eight)
  })

  it('§5.10: copies out of and into data event buffers', () => {
    const { buffer, neighbours } = eventBufferOf('0102')
    const destination = buffer_create(0, buffer_grow, 1)
    buffer_copy(buffer, 0, 99, destination, 0)
    assert.is(hex(destination), '0102')
    buffer_copy(bufferOf(eight), 0, 8, buffer, 1)
    assert.is(hex(buffer), `01${eight}`)
    assert.is(neighbours(), 'ee'.repeat(16))
  })
})

/** Bytes 00 to 17. */
const countUp = '000102030405060708090a0b0c0d0e0f1011121314151617'

spec('buffer_copy_stride', (it) => {
  it('M12: takes items apart', () => {
    const destination = buffer_create(16, buffer_fixed, 1)
    const source = bufferOf(countUp)
    assert.is(buffer_copy_stride(source, 6, 2, 6, 3, destination, 8, 2), undefined)
    assert.is(hex(destination), '000000000000000006070c0d12130000')
    assert.is(buffer_get_used_size(destination), 14)
    assert.equal([buffer_tell(source), buffer_tell(destination)], [0, 0])
  })

  it('M13: reverses with a negative offset and stride', () => {
    const source = buffer_create(400, buffer_fixed, 4)
    for (let value = 0; value < 100; value++) buffer_write(source, buffer_f32, value)
    const destination = buffer_create(400, buffer_fixed, 4)
    buffer_copy_stride(source, -4, 4, -4, 100, destination, 0, 4)
    for (let at = 0; at < 100; at++)
      assert.is(buffer_peek(destination, at * 4, buffer_f32), 99 - at)
  })

  it('M14: repeats an item with a stride of 0: an identity matrix', () => {
    const destination = buffer_create(64, buffer_fixed, 4)
    buffer_copy_stride(bufferOf('0000803f'), 0, 4, 0, 4, destination, 0, 20)
    assert.is(hex(destination), `0000803f${`${'00'.repeat(16)}0000803f`.repeat(3)}`)
  })

  interface Copy {
    readonly what: string
    /** Source offset, item size, source stride, count; destination offset and stride. */
    readonly call: readonly [number, number, number, number, number, number]
    readonly kind?: BufferKind
    readonly sourceKind?: BufferKind
    readonly result?: number
    readonly bytes: string
  }

  // From 01020304 into ffffffff.
  const table: Copy[] = [
    {
      what: 'a grow destination grows to the highest item',
      call: [0, 2, 2, 2, 1, 4],
      kind: buffer_grow,
      bytes: 'ff0102ff000304',
    },
    {
      what: 'stops at the first byte outside the destination',
      call: [0, 2, 2, 2, 1, 2],
      bytes: 'ff010203',
    },
    {
      what: 'stops at the first byte outside the source',
      call: [2, 1, 1, 4, 0, 1],
      bytes: '0304ffff',
    },
    {
      what: 'a wrap destination goes on',
      call: [0, 1, 1, 3, 2, 1],
      kind: buffer_wrap,
      bytes: '03ff0102',
    },
    {
      what: 'a wrap source goes on',
      call: [3, 1, 1, 3, 0, 1],
      sourceKind: buffer_wrap,
      bytes: '040102ff',
    },
    {
      what: 'a negative destination offset counts from the end',
      call: [0, 1, 1, 2, -2, 1],
      bytes: 'ffff0102',
    },
    {
      what: 'a negative destination stride goes back',
      call: [0, 1, 1, 3, 3, -1],
      bytes: 'ff030201',
    },
    { what: 'fast', call: [0, 1, 1, 9, 0, 1], kind: buffer_fast, bytes: '01020304' },
    { what: 'items of no bytes', call: [0, 0, 1, 9, 0, 1], bytes: 'ffffffff' },
    { what: 'no items', call: [0, 1, 1, 0, 0, 1], bytes: 'ffffffff' },
    { what: 'no room for the first byte', call: [0, 1, 1, 1, 4, 1], result: -2, bytes: 'ffffffff' },
  ]
  for (const { what, call, kind = buffer_fixed, sourceKind = buffer_fixed, result, bytes } of table)
    it(`§5.10: ${what}`, () => {
      const source = bufferOf('01020304', sourceKind)
      const destination = bufferOf('ffffffff', kind)
      const [from, size, sourceStride, count, to, stride] = call
      assert.is(
        buffer_copy_stride(source, from, size, sourceStride, count, destination, to, stride),
        result,
      )
      assert.is(hex(destination), bytes)
    })

  it('§5.10: refuses a buffer onto itself, and negative sizes and counts', () => {
    const buffer = bufferOf(eight)
    assert.is(buffer_copy_stride(buffer, 0, 1, 1, 1, buffer, 4, 1), -1)
    assert.is(hex(buffer), eight)
    const other = bufferOf('00')
    throwsError(
      () => buffer_copy_stride(buffer, 0, -1, 1, 1, other, 0, 1),
      'RangeError',
      'buffer_copy_stride: src_size must be',
    )
    throwsError(
      () => buffer_copy_stride(buffer, 0, 1, 1, -1, other, 0, 1),
      'RangeError',
      'buffer_copy_stride: src_count must be',
    )
  })

  it('copies into a data event buffer and nothing around it', () => {
    const { buffer, neighbours } = eventBufferOf('0102')
    buffer_copy_stride(bufferOf(eight), 0, 1, 2, 4, buffer, 1, 1)
    assert.is(hex(buffer), '0101030507')
    assert.is(neighbours(), 'ee'.repeat(16))
  })
})
