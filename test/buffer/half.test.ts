import * as assert from 'uvu/assert'
import { decodeHalf, encodeHalf } from '../../src/buffer/half.ts'
import { spec } from '../spec.ts'

spec('half', (it) => {
  it('encodes by cutting the mantissa', () => {
    // The first six lines: gamemaker.md §5.4. The others: IEEE 754 binary16.
    const vectors = [
      [2051, 0x6801],
      [1.001708984375, 0x3c01],
      [65519, 0x7bff],
      [65535.99, 0x7bff],
      [65536, 0x7c00],
      [Number.NaN, 0x7e00],
      [0, 0],
      [-0, 0x8000],
      [1, 0x3c00],
      [-2, 0xc000],
      [1 / 3, 0x3555],
      [65504, 0x7bff],
      [-65504, 0xfbff],
      [2 ** -14, 0x0400],
      [2 ** -14 - 2 ** -24, 0x03ff],
      [2 ** -24, 0x0001],
      [2 ** -24 * 1.99, 0x0001],
      [2 ** -24 * 0.99, 0],
      [Number.MIN_VALUE, 0],
      [1e300, 0x7c00],
      [-1e300, 0xfc00],
      [Infinity, 0x7c00],
      [-Infinity, 0xfc00],
    ] as const
    for (const [value, bits] of vectors) assert.is(encodeHalf(value), bits, `${value}`)
  })

  it('decodes', () => {
    const vectors = [
      [0x6801, 2050],
      [0x3c00, 1],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x0001, 2 ** -24],
      [0x03ff, 2 ** -14 - 2 ** -24],
      [0x7c00, Infinity],
      [0xfc00, -Infinity],
      [0x7e00, Number.NaN],
      [0xfc01, Number.NaN],
    ] as const
    for (const [bits, value] of vectors) assert.ok(Object.is(decodeHalf(bits), value), `${value}`)
    assert.ok(Object.is(decodeHalf(0x8000), -0))
  })

  it('gives back every one of the 65536 patterns', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = decodeHalf(bits)
      assert.is(encodeHalf(value), Number.isNaN(value) ? 0x7e00 : bits)
    }
  })
})
