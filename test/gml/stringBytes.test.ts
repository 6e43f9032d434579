import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import {
  string_byte_at,
  string_byte_length,
  string_set_byte_at,
} from '../../src/gml/stringBytes.ts'
import { throwsError, wrong } from '../buffer/helpers.ts'
import { spec } from '../spec.ts'

const noStrings: unknown[] = [undefined, null, 5, 5n, true, ['a'], {}]
const noNumbers: unknown[] = [undefined, null, 'one', '', {}]
const unbounded = [Number.NaN, Infinity, -Infinity]

spec('string_byte_length', (it) => {
  it('counts the bytes in UTF-8', () => {
    assert.is(string_byte_length('Hello World'), 11)
    assert.is(string_byte_length('héllo€😀'), 13)
    assert.is(string_byte_length(''), 0)
    assert.is(string_byte_length('\ud800'), 3)
  })

  it('counts up to the first NUL', () => {
    assert.is(string_byte_length('ab\0cd'), 2)
  })

  it('takes strings only', () => {
    for (const value of noStrings)
      throwsError(
        () => string_byte_length(wrong(value)),
        'TypeError',
        'string_byte_length: string must be a string',
      )
  })
})

spec('string_byte_at', (it) => {
  it('returns a byte, from 1', () => {
    const bytes = [1, 2, 3, 4, 5, 6].map((index) => string_byte_at('héllo', index))
    assert.equal(bytes, [0x68, 0xc3, 0xa9, 0x6c, 0x6c, 0x6f])
    assert.is(string_byte_at('abc', 2.9), 0x62)
  })

  it('brings the index inside', () => {
    for (const index of [1, 0, -1, -(2 ** 40)]) assert.is(string_byte_at('abc', index), 0x61)
    for (const index of [3, 4, 2 ** 40]) assert.is(string_byte_at('abc', index), 0x63)
    assert.is(string_byte_at('ab\0c', 4), 0x62)
    assert.is(string_byte_at('', 1), 0)
  })

  it('takes a string and a number only', () => {
    for (const value of noStrings)
      throwsError(() => string_byte_at(wrong(value), 1), 'TypeError', 'string_byte_at: str must be')
    for (const value of noNumbers)
      throwsError(() => string_byte_at('a', wrong(value)), 'TypeError', 'string_byte_at: index')
    for (const value of unbounded)
      throwsError(() => string_byte_at('a', value), 'RangeError', 'string_byte_at: index must be')
  })
})

spec('string_set_byte_at', (it) => {
  it("returns a copy with another byte, as in the manual's example", () => {
    assert.is(string_set_byte_at('hello', 2, 97), 'hallo')
    assert.is(string_set_byte_at('abc', 3.9, 0x141), 'abA')
    assert.is(string_set_byte_at('abc', 1, -191.9), 'Abc')
    assert.is(string_set_byte_at('é', 2, 0xaa), 'ê')
  })

  it('makes U+FFFD of what is not UTF-8 then', () => {
    assert.is(string_set_byte_at('abc', 2, 0xff), 'a\ufffdc')
    assert.is(string_set_byte_at('é', 1, 0x61), 'a\ufffd')
  })

  it('ends the copy at a byte of 0', () => {
    assert.is(string_set_byte_at('abc', 2, 256), 'a')
  })

  it('throws outside the string', () => {
    for (const pos of [0, -1, 4, 2 ** 40])
      throwsError(
        () => string_set_byte_at('abc', pos, 97),
        'RangeError',
        'string_set_byte_at: pos must be in 1..3',
        `got ${pos}`,
      )
    throwsError(() => string_set_byte_at('', 1, 97), 'RangeError', 'string_set_byte_at: pos')
  })

  it('takes a string and numbers only', () => {
    const where = 'string_set_byte_at: '
    for (const value of noStrings)
      throwsError(() => string_set_byte_at(wrong(value), 1, 1), 'TypeError', `${where}str`)
    for (const value of noNumbers) {
      throwsError(() => string_set_byte_at('a', wrong(value), 1), 'TypeError', `${where}pos`)
      throwsError(() => string_set_byte_at('a', 1, wrong(value)), 'TypeError', `${where}byte`)
    }
    for (const value of unbounded) {
      throwsError(() => string_set_byte_at('a', value, 1), 'RangeError', `${where}pos`)
      throwsError(() => string_set_byte_at('a', 1, value), 'RangeError', `${where}byte`)
    }
  })

  it('changes nothing if the byte is the one that is there', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((drawn) => !drawn.startsWith('\0'))
    fc.assert(
      fc.property(text, fc.nat(), (drawn, number) => {
        const [string = ''] = drawn.split('\0')
        const pos = 1 + (number % string_byte_length(string))
        assert.is(string_set_byte_at(drawn, pos, string_byte_at(drawn, pos)), string)
      }),
    )
  })
})
