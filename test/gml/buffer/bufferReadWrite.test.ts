import * as assert from 'uvu/assert'
import { type BufferValue } from '../../../src/buffer/BufferValue.ts'
import { type BufferType } from '../../../src/constants/BufferType.ts'
import { buffer_fill } from '../../../src/gml/buffer/bufferCopying.ts'
import { buffer_create } from '../../../src/gml/buffer/bufferCreation.ts'
import { buffer_get_size, buffer_get_used_size } from '../../../src/gml/buffer/bufferProperties.ts'
import {
  buffer_peek,
  buffer_poke,
  buffer_read,
  buffer_seek,
  buffer_tell,
  buffer_write,
} from '../../../src/gml/buffer/bufferReadWrite.ts'
import {
  buffer_bool,
  buffer_f16,
  buffer_f32,
  buffer_f64,
  buffer_fast,
  buffer_fixed,
  buffer_grow,
  buffer_s16,
  buffer_s32,
  buffer_s8,
  buffer_seek_start,
  buffer_string,
  buffer_text,
  buffer_u16,
  buffer_u32,
  buffer_u64,
  buffer_u8,
  buffer_wrap,
} from '../../../src/gml/constants.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { bufferOf, eventBufferOf, hex } from './bufferHelpers.ts'
import { withSetting } from '../withSetting.ts'

const b = buffer_create

/** What a value becomes in a buffer of its size. */
function written(type: BufferType, value: BufferValue, size: number): string {
  const buffer = b(size, buffer_fixed, 1)
  assert.is(buffer_write(buffer, type, value), 0)
  return hex(buffer)
}

/** What a value becomes as `buffer_bool` when it is written, poked and filled with. */
function storedBools(value: BufferValue): string {
  const poked = bufferOf('ee')
  const filled = bufferOf('ee')
  buffer_poke(poked, 0, buffer_bool, value)
  buffer_fill(filled, 0, buffer_bool, value, 1)
  return written(buffer_bool, value, 1) + hex(poked) + hex(filled)
}

spec('buffer_write', (it) => {
  it('M1: begins at a multiple of the alignment', () => {
    const buffer = b(16, buffer_fixed, 4)
    buffer_write(buffer, buffer_u8, 1)
    assert.is(buffer_tell(buffer), 1)
    buffer_write(buffer, buffer_u8, 2)
    assert.is(buffer_tell(buffer), 5)
    assert.is(hex(buffer), '01000000020000000000000000000000')
  })

  it('M2: doubles a grow buffer', () => {
    const buffer = b(16, buffer_grow, 1)
    for (let count = 0; count < 6; count++) buffer_write(buffer, buffer_f32, 1)
    assert.is(buffer_get_used_size(buffer), 24)
    assert.is(buffer_get_size(buffer), 32)
    assert.is(hex(buffer), '0000803f'.repeat(6) + '00'.repeat(8))
  })

  it('M3: puts values behind each other', () => {
    const buffer = b(256, buffer_grow, 1)
    buffer_write(buffer, buffer_u8, 1)
    buffer_write(buffer, buffer_s16, 37)
    buffer_write(buffer, buffer_bool, true)
    assert.is(buffer_tell(buffer), 4)
    assert.is(hex(buffer).slice(0, 8), '01250001')
  })

  it('M4: ends a string with a NUL byte', () => {
    const buffer = b(10240, buffer_grow, 1)
    buffer_write(buffer, buffer_string, 'Hello World')
    assert.is(buffer_tell(buffer), 12)
    buffer_seek(buffer, buffer_seek_start, 0)
    const text: string = buffer_read(buffer, buffer_string)
    assert.is(text, 'Hello World')
    assert.is(buffer_tell(buffer), 12)
    assert.is(hex(buffer).slice(0, 24), '48656c6c6f20576f726c6400')
  })

  it('M7: gives -2 and writes nothing where there is no room', () => {
    const buffer = b(2, buffer_fixed, 1)
    assert.is(buffer_write(buffer, buffer_u32, 1), -2)
    assert.is(hex(buffer), '0000')
    assert.is(buffer_tell(buffer), 0)
    assert.is(buffer_get_used_size(buffer), 0)
  })

  it('M8: gives -4 for what a fast buffer or the type does not take', () => {
    const fast = b(8, buffer_fast, 1)
    assert.is(buffer_write(fast, buffer_f16, 1), -4)
    assert.is(buffer_write(fast, buffer_u8, 1), 0)
    assert.is(buffer_tell(fast), 1)
    assert.is(hex(fast), '0100000000000000')
    const buffer = b(8, buffer_fixed, 1)
    const refused: [unknown, unknown][] = [
      [buffer_u16, 'x'],
      [buffer_u16, '12'],
      [buffer_string, 1],
      [buffer_text, true],
      [0, 1],
      [14, 1],
    ]
    for (const [type, value] of refused)
      assert.is(buffer_write(buffer, wrong(type), wrong(value)), -4)
    const untyped = (): unknown => buffer_write(buffer, wrong(undefined), 1)
    throwsError(untyped, 'TypeError', 'buffer_write: type must be')
    assert.is(hex(buffer), '0000000000000000')
    assert.is(buffer_tell(buffer), 0)
  })

  it('B#5918: throws for what no data type takes, as GameMaker shows its error window', () => {
    const buffer = b(8, buffer_fixed, 1)
    const values = [undefined, null, {}, [1], Symbol('a'), () => 1]
    for (const type of [buffer_u8, buffer_u16, buffer_f64, buffer_u64, buffer_bool, buffer_string])
      for (const value of values) {
        const write = (): unknown => buffer_write(buffer, type, wrong(value))
        throwsError(write, 'TypeError', 'buffer_write: value must be', 'got ')
        const poke = (): unknown => buffer_poke(buffer, 0, type, wrong(value))
        throwsError(poke, 'TypeError', 'buffer_poke: value must be', 'got ')
        const fill = (): unknown => buffer_fill(buffer, 0, type, wrong(value), 8)
        throwsError(fill, 'TypeError', 'buffer_fill: value must be', 'got ')
      }
    const name = (): unknown => buffer_write(buffer, buffer_u16, wrong(undefined))
    throwsError(name, 'TypeError', 'for buffer_u16, got undefined')
    assert.is(hex(buffer), '0000000000000000')
    assert.is(buffer_tell(buffer), 0)
    assert.is(buffer_get_used_size(buffer), 0)
  })

  it('keeps the results of GameMaker for numbers that a type changes', () => {
    const buffer = b(4, buffer_grow, 1)
    for (const value of [Number.NaN, Infinity, true, 1n])
      assert.is(buffer_write(buffer, buffer_u8, value), 0)
    assert.is(hex(buffer), '00000101')
  })

  it('ends a string at its NUL, wherever it is stored', () => {
    const buffer = b(0, buffer_grow, 1)
    assert.is(buffer_write(buffer, buffer_string, 'Ann\0c'), 0)
    assert.is(buffer_write(buffer, buffer_u8, 7), 0)
    assert.is(buffer_write(buffer, buffer_text, 'a\0b'), 0)
    assert.is(hex(buffer).slice(0, 12), '416e6e000761')
    assert.is(buffer_tell(buffer), 6)
    assert.is(buffer_poke(buffer, 0, buffer_string, 'B\0bb'), undefined)
    assert.is(hex(buffer).slice(0, 12), '42006e000761')
    assert.is(buffer_fill(buffer, 0, buffer_string, 'x\0y', -1), undefined)
    assert.is(hex(buffer), '7800780078007800')
  })

  it('M9: gives 0', () => assert.is(buffer_write(b(1, buffer_fixed, 1), buffer_u8, 1), 0))

  it('§5.2: moves the position even if there is no room then', () => {
    const buffer = b(6, buffer_fixed, 4)
    buffer_write(buffer, buffer_u8, 1)
    assert.is(buffer_write(buffer, buffer_u32, 1), -2)
    assert.is(buffer_tell(buffer), 4)
  })

  it('§5.2: aligns a wrap buffer on its endless stream', () => {
    const buffer = b(6, buffer_wrap, 4)
    const tells = [1, 2, 3, 4].map((value) => {
      buffer_write(buffer, buffer_u8, value)
      return buffer_tell(buffer)
    })
    assert.equal(tells, [1, 5, 3, 1])
    assert.is(hex(buffer), '040003000200')
  })

  it('§5.3: grows by doubling from the size, at least from 4', () => {
    const long = b(1, buffer_grow, 1)
    buffer_write(long, buffer_u64, 1)
    assert.is(buffer_get_size(long), 8)
    const text = b(10, buffer_grow, 1)
    buffer_write(text, buffer_text, 'abcdefghijkl')
    assert.is(buffer_get_size(text), 20)
    const empty = b(0, buffer_grow, 1)
    buffer_write(empty, buffer_u8, 7)
    assert.is(hex(empty), '07000000')
  })

  it('§5.3: fixed 4 takes what fits, and goes on after what does not', () => {
    const buffer = b(4, buffer_fixed, 1)
    const types = [buffer_u16, buffer_u32, buffer_u16, buffer_u8] as const
    const results = types.map((type, at) => buffer_write(buffer, type, at + 1))
    assert.equal(results, [0, -2, 0, -2])
    assert.is(hex(buffer), '01000300')
  })

  it('§5.3: a wrap buffer keeps its size as position and continues byte by byte', () => {
    const single = b(4, buffer_wrap, 1)
    const tells = [1, 2, 3, 4, 5].map((value) => {
      buffer_write(single, buffer_u8, value)
      return buffer_tell(single)
    })
    assert.equal(tells, [1, 2, 3, 4, 1])
    assert.is(hex(single), '05020304')
    const across = b(6, buffer_wrap, 1)
    buffer_seek(across, buffer_seek_start, 4)
    assert.is(buffer_write(across, buffer_u32, 0x04030201), 0)
    assert.is(hex(across), '030400000102')
    assert.is(buffer_tell(across), 2)
  })

  const encodings: [string, BufferType, BufferValue, string][] = [
    ['u8 300', buffer_u8, 300, '2c'],
    ['u8 -1', buffer_u8, -1, 'ff'],
    ['u8 3.9', buffer_u8, 3.9, '03'],
    ['u8 -1.9', buffer_u8, -1.9, 'ff'],
    ['u8 NaN', buffer_u8, Number.NaN, '00'],
    ['u8 infinity', buffer_u8, Infinity, '00'],
    ['s8 200', buffer_s8, 200, 'c8'],
    ['u16 70000', buffer_u16, 70000, '7011'],
    ['s16 40000', buffer_s16, 40000, '409c'],
    ['u32 -1', buffer_u32, -1, 'ffffffff'],
    ['s32 4294967295', buffer_s32, 4294967295, 'ffffffff'],
    ['u64 -1', buffer_u64, -1, 'ffffffffffffffff'],
    ['u64 2^53', buffer_u64, 2 ** 53, '0000000000002000'],
    ['u64 2^63', buffer_u64, 2 ** 63, 'ffffffffffffff7f'],
    ['u64 -2^63', buffer_u64, -(2 ** 63), '0000000000000080'],
    ['u64 bigint', buffer_u64, 0x0102030405060708n, '0807060504030201'],
    ['f16 2051', buffer_f16, 2051, '0168'],
    ['f16 1.001708984375', buffer_f16, 1.001708984375, '013c'],
    ['f16 65519', buffer_f16, 65519, 'ff7b'],
    ['f16 65536', buffer_f16, 65536, '007c'],
    ['f16 NaN', buffer_f16, Number.NaN, '007e'],
    ['f16 -0', buffer_f16, -0, '0080'],
    ['f16 minus infinity', buffer_f16, -Infinity, '00fc'],
    ['f32 0.1', buffer_f32, 0.1, 'cdcccc3d'],
    ['f64 1', buffer_f64, 1, '000000000000f03f'],
    ['string', buffer_string, 'hi', '686900'],
    ['text', buffer_text, 'hi', '6869'],
    ['text beyond U+FFFF', buffer_text, '😀', 'f09f9880'],
    ['§7.3 text', buffer_text, 'héllo€😀', '68c3a96c6c6fe282acf09f9880'],
    ['§7.3 string', buffer_string, 'héllo€😀', '68c3a96c6c6fe282acf09f988000'],
  ]
  for (const [what, type, value, bytes] of encodings)
    it(`§5.4: ${what}`, () => assert.is(written(type, value, bytes.length / 2), bytes))

  it('works on the buffer of a data event without touching its neighbours', () => {
    const { buffer, neighbours } = eventBufferOf('0102')
    assert.is(buffer_read(buffer, buffer_u8), 1)
    assert.is(buffer_write(buffer, buffer_u32, 0x44332211), 0)
    assert.is(hex(buffer), '0111223344000000')
    assert.is(neighbours(), 'ee'.repeat(16))
  })
})

spec('setting bool', (it) => {
  const values: [BufferValue, string, string][] = [
    [true, '01', '01'],
    [1, '01', '01'],
    [1n, '01', '01'],
    [false, '00', '00'],
    [0, '00', '00'],
    [2, '01', '00'],
    [2n, '01', '00'],
    [0.6, '01', '00'],
    [0.5, '00', '00'],
    [-1, '00', '00'],
    [Number.NaN, '00', '00'],
  ]
  for (const [value, truthy, one] of values)
    it(`§5.4: ${typeof value} ${value}`, () => {
      assert.is(storedBools(value), truthy.repeat(3))
      withSetting('bool', 'one', () => assert.is(storedBools(value), one.repeat(3)))
    })

  it('leaves other types and texts alone', () => {
    withSetting('bool', 'one', () => {
      assert.is(written(buffer_u8, 2, 1), '02')
      assert.is(buffer_write(b(1, buffer_fixed, 1), buffer_bool, '1'), -4)
    })
  })
})

spec('buffer_read', (it) => {
  it('§5.5: gives numbers, bigints, booleans and texts', () => {
    const bytes = 'ffffffffffffffffff00ff01020041'
    const buffer = bufferOf(bytes)
    const u8: number = buffer_read(buffer, buffer_u8)
    const u64: bigint = buffer_read(buffer, buffer_u64)
    assert.is(u8, 255)
    assert.is(u64, 2n ** 64n - 1n)
    const bools: boolean[] = [1, 2, 3, 4].map(() => buffer_read(buffer, buffer_bool))
    assert.equal(bools, [false, false, true, false])
    assert.is(buffer_read(buffer, buffer_string), '')
    assert.is(buffer_read(buffer, buffer_text), 'A')
  })

  it('§5.5: reads two texts as one, up to the used size', () => {
    const buffer = b(16, buffer_fixed, 1)
    buffer_write(buffer, buffer_text, 'abc')
    buffer_write(buffer, buffer_text, 'def')
    buffer_seek(buffer, buffer_seek_start, 0)
    assert.is(buffer_read(buffer, buffer_text), 'abcdef')
    assert.is(buffer_tell(buffer), 6)
  })

  it('§5.5: malformed UTF-8 becomes U+FFFD', () => {
    assert.is(buffer_read(bufferOf('41ff4200'), buffer_string), 'A\ufffdB')
  })

  it('§5.2: begins at a multiple of the alignment', () => {
    const buffer = bufferOf('0102030405060708', buffer_fixed, 4)
    assert.is(buffer_read(buffer, buffer_u8), 1)
    assert.is(buffer_read(buffer, buffer_u8), 5)
    assert.is(buffer_tell(buffer), 5)
  })

  it('§5.2: a wrap buffer goes on at its start', () => {
    const buffer = bufferOf('0102030405', buffer_wrap)
    buffer_seek(buffer, buffer_seek_start, 3)
    assert.is(buffer_read(buffer, buffer_u32), 0x02010504)
    assert.is(buffer_tell(buffer), 2)
  })

  it('reads every type from a fast buffer', () => {
    const buffer = bufferOf('34126869', buffer_fast)
    assert.is(buffer_read(buffer, buffer_u16), 0x1234)
    assert.is(buffer_read(buffer, buffer_text), 'hi')
  })

  it('throws a TypeError for what is no data type', () => {
    for (const type of [0, 14, -1, 1.5, undefined, 'x']) {
      throwsError(() => buffer_read(bufferOf('00'), wrong(type)), 'TypeError', 'buffer_read: type')
      throwsError(
        () => buffer_peek(bufferOf('00'), 0, wrong(type)),
        'TypeError',
        'buffer_peek: type',
      )
    }
  })
})

spec('setting past_end', (it) => {
  const numbers: [string, BufferType, number][] = [
    ['u8', buffer_u8, 1],
    ['s8', buffer_s8, 1],
    ['bool', buffer_bool, 1],
    ['u16', buffer_u16, 2],
    ['s16', buffer_s16, 2],
    ['f16', buffer_f16, 2],
    ['u32', buffer_u32, 4],
    ['s32', buffer_s32, 4],
    ['f32', buffer_f32, 4],
    ['f64', buffer_f64, 8],
    ['u64', buffer_u64, 8],
  ]
  for (const [name, type, size] of numbers)
    it(`§5.5: ${name} behind and across the end`, () => {
      for (const at of size === 1 ? [8] : [8, 9 - size]) {
        const buffer = bufferOf('0102030405060708')
        buffer_seek(buffer, buffer_seek_start, at)
        const read = (): unknown => buffer_read(buffer, type)
        const place = `at position ${at}, but buffer ${buffer} has 8`
        throwsError(read, 'RangeError', 'buffer_read: ', `${name} needs ${size} byte`, place)
        withSetting('past_end', 'result', () => assert.is(read(), -3))
        assert.is(buffer_tell(buffer), at)
      }
    })

  it('§5.5: a string at the end is empty, a text there -3 as result', () => {
    const buffer = bufferOf('61')
    buffer_seek(buffer, buffer_seek_start, 1)
    assert.is(buffer_read(buffer, buffer_string), '')
    assert.is(buffer_read(buffer, buffer_text), '')
    withSetting('past_end', 'result', () => {
      assert.is(buffer_read(buffer, buffer_string), '')
      assert.is(buffer_read(buffer, buffer_text), -3)
    })
  })

  it('§5.5: behind the used size but inside, a text is empty', () => {
    const buffer = b(4, buffer_fixed, 1)
    withSetting('past_end', 'result', () => assert.is(buffer_read(buffer, buffer_text), ''))
  })

  it('counts from the aligned position', () => {
    const buffer = bufferOf('010203040506', buffer_fixed, 4)
    buffer_read(buffer, buffer_u8)
    throwsError(() => buffer_read(buffer, buffer_u32), 'RangeError', 'at position 4')
    withSetting('past_end', 'result', () => {
      assert.is(buffer_read(buffer, buffer_u32), -3)
      assert.is(buffer_read(buffer, buffer_u16), 0x0605)
    })
  })

  it('does not concern wrap buffers, but empty ones', () => {
    const wrap = bufferOf('0102', buffer_wrap)
    buffer_seek(wrap, buffer_seek_start, 2)
    assert.is(buffer_read(wrap, buffer_u8), 1)
    const empty = b(0, buffer_wrap, 1)
    throwsError(() => buffer_read(empty, buffer_u8), 'RangeError', 'buffer_read', 'position 0')
    withSetting('past_end', 'result', () => assert.is(buffer_read(empty, buffer_u8), -3))
  })
})
