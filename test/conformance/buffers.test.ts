import {
  buffer_bool,
  buffer_compress,
  buffer_copy,
  buffer_copy_stride,
  buffer_create,
  buffer_decompress,
  buffer_error_invalid_type,
  buffer_error_out_of_space,
  buffer_f16,
  buffer_f32,
  buffer_fast,
  buffer_fixed,
  buffer_get_size,
  buffer_get_used_size,
  buffer_grow,
  buffer_load,
  buffer_peek,
  buffer_poke,
  buffer_read,
  buffer_s16,
  buffer_seek,
  buffer_seek_start,
  buffer_string,
  buffer_tell,
  buffer_u16,
  buffer_u32,
  buffer_u8,
  buffer_write,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { bufferOf, hexOf } from '../lib/withGml.ts'
import { conformance, type ConformanceCase } from './conformance.ts'

/** Bytes 00 to 17 (hex). */
const countUp = '000102030405060708090a0b0c0d0e0f1011121314151617'

function floats(buffer: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => buffer_peek(buffer, at * 4, buffer_f32)!)
}

const cases: ConformanceCase[] = [
  {
    number: 'M1',
    what: 'alignment 4 moves each write to a multiple of 4',
    run: () => {
      const buffer = buffer_create(16, buffer_fixed, 4)
      buffer_write(buffer, buffer_u8, 1)
      assert.is(buffer_tell(buffer), 1)
      buffer_write(buffer, buffer_u8, 2)
      assert.is(buffer_tell(buffer), 5)
    },
  },
  {
    number: 'M2',
    what: 'a grow buffer of 16 takes six floats',
    run: () => {
      const buffer = buffer_create(16, buffer_grow, 1)
      for (let count = 0; count < 6; count++) buffer_write(buffer, buffer_f32, count)
      assert.is(buffer_get_used_size(buffer), 24)
      assert.is(buffer_get_size(buffer), 32)
    },
  },
  {
    number: 'M3',
    what: 'u8 1, s16 37 and true are 01 25 00 01',
    run: () => {
      const buffer = buffer_create(256, buffer_grow, 1)
      buffer_write(buffer, buffer_u8, 1)
      buffer_write(buffer, buffer_s16, 37)
      buffer_write(buffer, buffer_bool, true)
      assert.is(buffer_tell(buffer), 4)
      assert.is(hexOf(buffer).slice(0, 8), '01250001')
    },
  },
  {
    number: 'M4',
    what: 'a string is written with its NUL and read back',
    run: () => {
      const buffer = buffer_create(10240, buffer_grow, 1)
      buffer_write(buffer, buffer_string, 'Hello World')
      assert.is(buffer_tell(buffer), 12)
      buffer_seek(buffer, buffer_seek_start, 0)
      assert.is(buffer_read(buffer, buffer_string), 'Hello World')
      assert.is(buffer_tell(buffer), 12)
    },
  },
  {
    number: 'M5',
    what: 'seeking stays inside',
    run: () => {
      const buffer = buffer_create(64, buffer_fixed, 1)
      assert.is(buffer_seek(buffer, buffer_seek_start, -5), 0)
      assert.is(buffer_seek(buffer, buffer_seek_start, 74), 64)
    },
  },
  {
    number: 'M6',
    what: 'a peek beyond the end is undefined',
    run: () => {
      const buffer = buffer_create(4, buffer_fixed, 1)
      assert.is(buffer_peek(buffer, 4, buffer_u8), undefined)
      assert.is(buffer_peek(buffer, 1, buffer_u32), undefined)
    },
  },
  {
    number: 'M7',
    what: 'a write without room changes nothing',
    run: () => {
      const buffer = buffer_create(2, buffer_fixed, 1)
      assert.is(buffer_write(buffer, buffer_u32, 0xffffffff), -2)
      assert.is(buffer_error_out_of_space, -2)
      assert.is(hexOf(buffer), '0000')
    },
  },
  {
    number: 'M8',
    what: 'a value or kind that the type does not go with is an invalid type',
    run: () => {
      assert.is(buffer_write(buffer_create(8, buffer_fast, 1), buffer_f16, 1), -4)
      assert.is(buffer_write(buffer_create(8, buffer_fixed, 1), buffer_u16, 'x'), -4)
      assert.is(buffer_error_invalid_type, -4)
    },
  },
  {
    number: 'M9',
    what: 'a write that succeeds gives 0',
    run: () => assert.is(buffer_write(buffer_create(1, buffer_fixed, 1), buffer_u8, 1), 0),
  },
  {
    number: 'M10',
    what: 'copying makes a grow buffer as large as the copy',
    run: () => {
      const destination = buffer_create(4, buffer_grow, 1)
      buffer_copy(bufferOf('0102030405060708'), 0, 8, destination, 0)
      assert.is(buffer_get_size(destination), 8)
      assert.is(buffer_get_used_size(destination), 8)
      assert.is(buffer_tell(destination), 0)
      assert.is(hexOf(destination), '0102030405060708')
    },
  },
  {
    number: 'M11',
    what: 'copying into a fixed buffer copies what fits',
    run: () => {
      const destination = buffer_create(4, buffer_fixed, 1)
      buffer_copy(bufferOf('0102030405060708'), 0, 8, destination, 2)
      assert.is(hexOf(destination), '00000102')
    },
  },
  {
    number: 'M12',
    what: 'copying by strides takes items apart',
    run: () => {
      const destination = buffer_create(24, buffer_fixed, 1)
      buffer_copy_stride(bufferOf(countUp), 6, 2, 6, 3, destination, 8, 2)
      assert.is(hexOf(destination).slice(16, 28), '06070c0d1213')
    },
  },
  {
    number: 'M13',
    what: 'a negative offset and stride reverse',
    run: () => {
      const source = buffer_create(400, buffer_fixed, 4)
      for (let value = 0; value < 100; value++) buffer_write(source, buffer_f32, value)
      const destination = buffer_create(400, buffer_fixed, 4)
      buffer_copy_stride(source, -4, 4, -4, 100, destination, 0, 4)
      assert.equal(
        floats(destination, 100),
        Array.from({ length: 100 }, (_, at) => 99 - at),
      )
    },
  },
  {
    number: 'M14',
    what: 'a source stride of 0 repeats: an identity matrix',
    run: () => {
      const source = buffer_create(4, buffer_fixed, 4)
      buffer_poke(source, 0, buffer_f32, 1)
      const destination = buffer_create(64, buffer_fixed, 4)
      buffer_copy_stride(source, 0, 4, 0, 4, destination, 0, 20)
      assert.equal(floats(destination, 16), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    },
  },
  {
    number: 'M15',
    what: 'what is compressed can be decompressed, garbage cannot',
    run: () => {
      const packed = buffer_compress(bufferOf(countUp.repeat(50)), 0, 1200)
      assert.ok(buffer_get_size(packed) < 200)
      assert.is(hexOf(buffer_decompress(packed)), countUp.repeat(50))
      assert.is(buffer_decompress(bufferOf('deadbeefdeadbeef')), -1)
    },
  },
  {
    number: 'M16',
    what: 'a missing file is not loaded',
    run: () => assert.is(buffer_load('there-is-no-such-file.bin'), -1),
  },
]

conformance('buffers, by the manual', 'M', [1, 16], cases)
