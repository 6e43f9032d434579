import * as assert from 'uvu/assert'
import { BufferError } from '../../src/constants/BufferError.ts'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { BufferType } from '../../src/constants/BufferType.ts'
import { type BufferValue } from '../../src/buffer/BufferValue.ts'
import { createBuffer, deleteBuffer } from '../../src/buffer/createBuffer.ts'
import { fillBuffer } from '../../src/buffer/fillBuffer.ts'
import { getBufferSize, getBufferUsedSize } from '../../src/buffer/getBufferSize.ts'
import { pokeBuffer } from '../../src/buffer/pokeBuffer.ts'
import { readBuffer } from '../../src/buffer/readBuffer.ts'
import { resizeBuffer } from '../../src/buffer/resizeBuffer.ts'
import { seekBuffer, tellBuffer } from '../../src/buffer/seekBuffer.ts'
import { writeBuffer } from '../../src/buffer/writeBuffer.ts'
import { writeValue } from '../../src/buffer/writeValue.ts'
import { spec } from '../spec.ts'
import { hex, throwsError, wrong } from './helpers.ts'

/** What a value becomes in an exactly fitting buffer. */
function written(type: BufferType, value: BufferValue, size: number): string {
  const buffer = createBuffer(size, BufferKind.fixed)
  assert.is(writeValue(buffer, type, value), 0)
  assert.is(tellBuffer(buffer), size)
  return hex(buffer)
}

spec('writeValue encodings', (it) => {
  // gamemaker.md §5.4, and IEEE 754 for the floats.
  const vectors: [BufferType, BufferValue, string][] = [
    [BufferType.u8, 300, '2c'],
    [BufferType.u8, -1, 'ff'],
    [BufferType.u8, 3.9, '03'],
    [BufferType.u8, -1.9, 'ff'],
    [BufferType.u8, Number.NaN, '00'],
    [BufferType.u8, Infinity, '00'],
    [BufferType.u8, true, '01'],
    [BufferType.u8, 0x1ffn, 'ff'],
    [BufferType.u8, 2n ** 64n - 1n, 'ff'],
    [BufferType.s8, 200, 'c8'],
    [BufferType.u16, 70000, '7011'],
    [BufferType.u16, 0x1234, '3412'],
    [BufferType.s16, 40000, '409c'],
    [BufferType.s16, -2, 'feff'],
    [BufferType.u32, -1, 'ffffffff'],
    [BufferType.u32, 0xdeadc0de, 'dec0adde'],
    [BufferType.u32, -1n, 'ffffffff'],
    [BufferType.s32, 4294967295, 'ffffffff'],
    [BufferType.s32, -Infinity, '00000000'],
    [BufferType.u64, 1, '0100000000000000'],
    [BufferType.u64, 3.9, '0300000000000000'],
    [BufferType.u64, -1, 'ffffffffffffffff'],
    [BufferType.u64, -1.9, 'ffffffffffffffff'],
    [BufferType.u64, -0.5, '0000000000000000'],
    [BufferType.u64, -(2 ** 32), '00000000ffffffff'],
    [BufferType.u64, 2 ** 53, '0000000000002000'],
    [BufferType.u64, 2 ** 63, 'ffffffffffffff7f'],
    [BufferType.u64, 1e300, 'ffffffffffffff7f'],
    [BufferType.u64, Infinity, 'ffffffffffffff7f'],
    [BufferType.u64, -(2 ** 63), '0000000000000080'],
    [BufferType.u64, -1e300, '0000000000000080'],
    [BufferType.u64, Number.NaN, '0000000000000000'],
    [BufferType.u64, 0x0102030405060708n, '0807060504030201'],
    [BufferType.u64, 2n ** 64n - 1n, 'ffffffffffffffff'],
    [BufferType.u64, -2n, 'feffffffffffffff'],
    [BufferType.u64, 2n ** 64n + 5n, '0500000000000000'],
    [BufferType.f16, 2051, '0168'],
    [BufferType.f16, 1.001708984375, '013c'],
    [BufferType.f16, 65535, 'ff7b'],
    [BufferType.f16, 65536, '007c'],
    [BufferType.f16, Number.NaN, '007e'],
    [BufferType.f16, -0, '0080'],
    [BufferType.f16, 2 ** -25, '0000'],
    [BufferType.f16, -Infinity, '00fc'],
    [BufferType.f32, 1.5, '0000c03f'],
    [BufferType.f32, 0.1, 'cdcccc3d'],
    [BufferType.f32, 2n, '00000040'],
    [BufferType.f64, 1, '000000000000f03f'],
    [BufferType.f64, -0.1, '9a9999999999b9bf'],
    [BufferType.bool, true, '01'],
    [BufferType.bool, 1, '01'],
    [BufferType.bool, 2, '01'],
    [BufferType.bool, 0.6, '01'],
    [BufferType.bool, 0.5, '00'],
    [BufferType.bool, 0, '00'],
    [BufferType.bool, -1, '00'],
    [BufferType.bool, false, '00'],
    [BufferType.bool, Number.NaN, '00'],
    [BufferType.bool, 1n, '01'],
    // §7.3: "héllo€😀"
    [BufferType.text, 'héllo€😀', '68c3a96c6c6fe282acf09f9880'],
    [BufferType.string, 'héllo€😀', '68c3a96c6c6fe282acf09f988000'],
    [BufferType.string, '', '00'],
    [BufferType.string, 'a\0b', '6100'],
    [BufferType.string, '\0b', '00'],
    [BufferType.text, 'a\0b', '61'],
    [BufferType.text, 'é\0\0', 'c3a9'],
    [BufferType.text, '\ufeffa', 'efbbbf61'],
    // Lone surrogates are no text.
    [BufferType.text, 'a\ud83d', '61efbfbd'],
    [BufferType.text, '\ude00\ud83db', 'efbfbdefbfbd62'],
  ]
  for (const [type, value, expected] of vectors)
    it(`type ${type}: ${typeof value} ${JSON.stringify(String(value))} is ${expected}`, () => {
      assert.is(written(type, value, expected.length / 2), expected)
    })

  it('writes long texts as short ones', () => {
    assert.is(written(BufferType.text, 'a'.repeat(1000), 1000), '61'.repeat(1000))
    assert.is(written(BufferType.string, 'é'.repeat(500), 1001), `${'c3a9'.repeat(500)}00`)
  })
})

spec('writeBuffer', (it) => {
  it('M1: stands directly behind the value and aligns before the next', () => {
    const buffer = createBuffer(16, BufferKind.fixed, 4)
    writeBuffer(buffer, BufferType.u8, 1)
    assert.is(tellBuffer(buffer), 1)
    writeBuffer(buffer, BufferType.u8, 2)
    assert.is(tellBuffer(buffer), 5)
    assert.is(hex(buffer).slice(0, 12), '010000000200')
  })

  it('M2: a grow buffer doubles', () => {
    const buffer = createBuffer(16, BufferKind.grow)
    for (let i = 0; i < 6; i++) assert.is(writeBuffer(buffer, BufferType.f32, 1.5), 0)
    assert.is(getBufferUsedSize(buffer), 24)
    assert.is(getBufferSize(buffer), 32)
    assert.is(hex(buffer), '0000c03f'.repeat(6) + '00'.repeat(8))
  })

  it('grows 0 to 4, 1 to 8 for a u64, 10 to 20 for 12 bytes of text', () => {
    const grown = [
      [0, BufferType.u8, 1, 4],
      [1, BufferType.u64, 1, 8],
      [10, BufferType.text, 'twelve bytes', 20],
      [4, BufferType.string, 'abcd', 8],
      [4, BufferType.text, 'abcd', 4],
      [0, BufferType.text, '', 0],
    ] as const
    for (const [size, type, value, expected] of grown) {
      const buffer = createBuffer(size, BufferKind.grow)
      assert.is(writeBuffer(buffer, type, value), 0)
      assert.is(getBufferSize(buffer), expected)
    }
  })

  it('leaves a gap of zeros when it writes behind the size', () => {
    const buffer = createBuffer(12, BufferKind.grow)
    for (let i = 0; i < 10; i++) writeBuffer(buffer, BufferType.u8, 0xff)
    resizeBuffer(buffer, 4)
    assert.is(writeBuffer(buffer, BufferType.u8, 1), 0)
    assert.is(tellBuffer(buffer), 11)
    assert.is(hex(buffer), 'ffffffff000000000000010000000000')
    assert.is(getBufferUsedSize(buffer), 11)
  })

  it('M3: u8, s16 and bool stand in a row', () => {
    const buffer = createBuffer(256, BufferKind.grow)
    writeBuffer(buffer, BufferType.u8, 1)
    writeBuffer(buffer, BufferType.s16, 37)
    writeBuffer(buffer, BufferType.bool, true)
    assert.is(tellBuffer(buffer), 4)
    assert.is(hex(buffer).slice(0, 8), '01250001')
  })

  it('M7: writes nothing where there is no room', () => {
    const buffer = createBuffer(2, BufferKind.fixed)
    assert.is(writeValue(buffer, BufferType.u32, 7), BufferError.outOfSpace)
    assert.is(writeValue(buffer, BufferType.string, 'ab'), BufferError.outOfSpace)
    assert.is(hex(buffer), '0000')
    assert.is(tellBuffer(buffer), 0)
    assert.is(getBufferUsedSize(buffer), 0)
    seekBuffer(buffer, 0, 2)
    assert.is(writeValue(buffer, BufferType.text, ''), BufferError.outOfSpace)
  })

  it('fits what still fits after a failure', () => {
    const buffer = createBuffer(4, BufferKind.fixed)
    assert.is(writeBuffer(buffer, BufferType.u16, 1), 0)
    assert.is(writeValue(buffer, BufferType.u32, 2), -2)
    assert.is(writeBuffer(buffer, BufferType.u16, 3), 0)
    assert.is(writeValue(buffer, BufferType.u8, 4), -2)
    assert.is(hex(buffer), '01000300')
  })

  it('aligns even when the write then fails', () => {
    const buffer = createBuffer(6, BufferKind.fixed, 4)
    writeBuffer(buffer, BufferType.u8, 1)
    assert.is(writeValue(buffer, BufferType.u32, 2), -2)
    assert.is(tellBuffer(buffer), 4)
    assert.is(writeBuffer(buffer, BufferType.u16, 3), 0)
    assert.is(hex(buffer), '010000000300')
  })

  it('M8: refuses what the kind or the type does not take', () => {
    const fast = createBuffer(8, BufferKind.fast)
    assert.is(writeValue(fast, BufferType.f16, 1), BufferError.invalidType)
    assert.is(writeValue(fast, BufferType.string, 'a'), BufferError.invalidType)
    assert.is(tellBuffer(fast), 0)
    assert.is(writeBuffer(fast, BufferType.u8, 5), 0)
    assert.is(hex(fast), '0500000000000000')

    const grow = createBuffer(2, BufferKind.grow, 4)
    seekBuffer(grow, 0, 1)
    const refused: [unknown, unknown][] = [
      [BufferType.u16, 'x'],
      [BufferType.u16, '12'],
      [BufferType.f64, undefined],
      [BufferType.u8, null],
      [BufferType.u64, {}],
      [BufferType.string, 5],
      [BufferType.text, true],
      [0, 1],
      [14, 1],
      [99, 'x'],
      [Number.NaN, 1],
      [1.5, 1],
      ['u8', 1],
      [undefined, 1],
    ]
    for (const [type, value] of refused)
      assert.is(writeValue(grow, wrong(type), wrong(value)), BufferError.invalidType)
    assert.is(tellBuffer(grow), 1)
    assert.is(getBufferSize(grow), 2)
  })

  it('throws where there is no room, and changes nothing', () => {
    const buffer = createBuffer(5, BufferKind.fixed, 2)
    writeBuffer(buffer, BufferType.u8, 1)
    const full: [() => unknown, string][] = [
      [() => writeBuffer(buffer, BufferType.u32, 7), 'u32 needs 4 bytes at position 2'],
      [() => writeBuffer(buffer, BufferType.string, 'äöü'), 'string needs 7 bytes at position 2'],
      [() => writeBuffer(buffer, BufferType.text, 'four'), 'text needs 4 bytes at position 2'],
    ]
    for (const [run, message] of full) {
      throwsError(run, 'RangeError', `writeBuffer: ${message}, but the buffer has 5`)
      assert.is(tellBuffer(buffer), 1)
      assert.is(getBufferUsedSize(buffer), 1)
      assert.is(hex(buffer), '0100000000')
    }
    const ring = createBuffer(0, BufferKind.wrap, 4)
    const one = 'writeBuffer: u8 needs 1 byte at position 0, but the buffer has 0'
    throwsError(() => writeBuffer(ring, BufferType.u8, 1), 'RangeError', one)
    const large = createBuffer(4, BufferKind.grow)
    large.position = 2147483647
    throwsError(() => writeBuffer(large, BufferType.u8, 1), 'RangeError', 'position 2147483647')
    assert.is(getBufferSize(large), 4)
  })

  it('throws for values that the type does not take, and changes nothing', () => {
    const buffer = createBuffer(2, BufferKind.grow, 4)
    seekBuffer(buffer, 0, 1)
    const integers = ['u8', 's8', 'u16', 's16', 'u32', 's32'] as const
    const floats = ['f16', 'f32', 'f64'] as const
    const texts = ['string', 'text'] as const
    const never = [undefined, null, {}, [1], Symbol('a'), () => 1, new Date(0)]
    const refused: [readonly (keyof typeof BufferType)[], unknown[]][] = [
      [integers, ['x', '12', '', true, 1n, Number.NaN, -Infinity]],
      [floats, ['x', '12', true, 1n]],
      [texts, [5, true, 1n, Number.NaN]],
      [['u64'], ['x', true, Number.NaN, Infinity]],
      [['bool'], ['x', 1n, Number.NaN, Infinity]],
    ]
    for (const [types, values] of refused)
      for (const name of types)
        for (const value of [...never, ...values]) {
          const run = (): unknown => writeBuffer(buffer, BufferType[name], wrong(value))
          throwsError(run, 'TypeError', 'writeBuffer: value must be ', ` for ${name}, got `)
        }
    for (const type of [0, 14, 99, Number.NaN, 1.5, 'u8', undefined, null]) {
      const run = (): unknown => writeBuffer(buffer, wrong(type), wrong(1))
      throwsError(run, 'TypeError', 'writeBuffer: type must be a BufferType, got ')
    }
    const fast = createBuffer(8, BufferKind.fast)
    throwsError(() => writeBuffer(fast, BufferType.u16, 1), 'TypeError', 'type must be', 'fast')
    throwsError(() => writeBuffer(fast, BufferType.text, ''), 'TypeError', 'type must be', 'fast')
    assert.is(tellBuffer(fast), 0)
    assert.is(tellBuffer(buffer), 1)
    assert.is(getBufferSize(buffer), 2)
    assert.is(getBufferUsedSize(buffer), 0)
  })

  it('compiles for values of the type only', () => {
    const buffer = createBuffer(8, BufferKind.grow)
    const type: BufferType = BufferType.text
    const right = [
      () => writeBuffer(buffer, BufferType.u8, 1),
      () => writeBuffer(buffer, BufferType.u64, 1),
      () => writeBuffer(buffer, BufferType.u64, 1n),
      () => writeBuffer(buffer, BufferType.bool, true),
      () => writeBuffer(buffer, BufferType.bool, 1),
      () => writeBuffer(buffer, type as BufferType, 'x'),
    ]
    for (const run of right) assert.is(run(), 0)
    const refused = [
      // @ts-expect-error -- a text is no u8
      () => writeBuffer(buffer, BufferType.u8, 'x'),
      // @ts-expect-error -- a misspelled variable
      () => writeBuffer(buffer, BufferType.u16, undefined),
      // @ts-expect-error -- a bigint is u64 only
      () => writeBuffer(buffer, BufferType.s32, 1n),
      // @ts-expect-error -- a boolean is bool only
      () => writeBuffer(buffer, BufferType.u8, true),
      // @ts-expect-error -- a number is no text
      () => writeBuffer(buffer, BufferType.string, 1),
      // @ts-expect-error -- also at an offset
      () => pokeBuffer(buffer, 0, BufferType.f32, '1'),
      // @ts-expect-error -- also in a fill
      () => fillBuffer(buffer, 0, BufferType.text, 1, 8),
    ]
    for (const run of refused) throwsError(run, 'TypeError', 'value must be')
  })

  it('keeps the fields behind a text with a NUL where they are', () => {
    for (const type of [BufferType.string, BufferType.text]) {
      const buffer = createBuffer(0, BufferKind.grow)
      writeBuffer(buffer, BufferType.u8, 5)
      writeBuffer(buffer, type, 'Ann\0c')
      if (type === BufferType.text) writeBuffer(buffer, BufferType.u8, 0)
      writeBuffer(buffer, BufferType.u8, 7)
      seekBuffer(buffer, 0, 0)
      assert.is(readBuffer(buffer, BufferType.u8), 5)
      assert.is(readBuffer(buffer, type), 'Ann')
      assert.is(readBuffer(buffer, BufferType.u8), 7)
      const ring = createBuffer(4, BufferKind.wrap)
      seekBuffer(ring, 0, 3)
      writeBuffer(ring, type, 'ab\0cdef')
      assert.is(hex(ring).slice(0, 2), '62')
      assert.is(tellBuffer(ring), type === BufferType.text ? 1 : 2)
    }
  })

  it('M9: gives 0', () => {
    const buffer = createBuffer(1, BufferKind.grow)
    assert.is(writeBuffer(buffer, BufferType.u8, 1), 0)
    assert.is(writeBuffer(buffer, BufferType.string, 'abc'), 0)
  })

  it('refuses freed buffers and what is no buffer', () => {
    const buffer = createBuffer(4, BufferKind.grow)
    deleteBuffer(buffer)
    throwsError(() => writeBuffer(buffer, BufferType.u8, 1), 'FreedError', 'writeBuffer')
    throwsError(() => writeBuffer(wrong(7), BufferType.u8, 1), 'TypeError', 'writeBuffer', 'got 7')
  })
})

spec('writeBuffer to wrap kinds', (it) => {
  it('stands at the size after the last byte and goes on at 0', () => {
    const buffer = createBuffer(4, BufferKind.wrap)
    const tells = []
    for (let i = 1; i <= 5; i++) {
      assert.is(writeBuffer(buffer, BufferType.u8, i), 0)
      tells.push(tellBuffer(buffer))
    }
    assert.equal(tells, [1, 2, 3, 4, 1])
    assert.is(hex(buffer), '05020304')
  })

  it('aligns on the endless stream', () => {
    const buffer = createBuffer(6, BufferKind.wrap, 4)
    const tells = []
    for (let i = 1; i <= 4; i++) {
      writeBuffer(buffer, BufferType.u8, i)
      tells.push(tellBuffer(buffer))
    }
    assert.equal(tells, [1, 5, 3, 1])
    assert.is(hex(buffer), '040003000200')
  })

  it('continues a number, a string and a text at the start', () => {
    const buffer = createBuffer(6, BufferKind.wrap)
    seekBuffer(buffer, 0, 4)
    assert.is(writeBuffer(buffer, BufferType.u32, 0x04030201), 0)
    assert.is(hex(buffer), '030400000102')
    assert.is(tellBuffer(buffer), 2)
    assert.is(getBufferUsedSize(buffer), 6)
    seekBuffer(buffer, 0, 5)
    assert.is(writeBuffer(buffer, BufferType.string, 'abc'), 0)
    assert.is(hex(buffer), '626300000161')
    seekBuffer(buffer, 0, 5)
    assert.is(writeBuffer(buffer, BufferType.text, 'xé'), 0)
    assert.is(hex(buffer), 'c3a900000178')
    assert.is(tellBuffer(buffer), 2)
  })

  it('keeps the last bytes of what is longer than a round', () => {
    const buffer = createBuffer(4, BufferKind.wrap)
    seekBuffer(buffer, 0, 3)
    assert.is(writeBuffer(buffer, BufferType.text, 'abcdefghij'), 0)
    // a at 3, b..e at 0..3, f..i at 0..3, j at 0
    assert.is(hex(buffer), '6a676869')
    assert.is(tellBuffer(buffer), 1)
    seekBuffer(buffer, 0, 0)
    writeBuffer(buffer, BufferType.u64, 0x0807060504030201n)
    assert.is(hex(buffer), '05060708')
    assert.is(tellBuffer(buffer), 4)
  })

  it('has no room when it is empty', () => {
    const buffer = createBuffer(0, BufferKind.wrap, 4)
    assert.is(writeValue(buffer, BufferType.u8, 1), BufferError.outOfSpace)
    assert.is(writeValue(buffer, BufferType.text, 'a'), BufferError.outOfSpace)
    assert.is(tellBuffer(buffer), 0)
  })
})
