import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import {
  base64_decode,
  base64_encode,
  md5_string_unicode,
  md5_string_utf8,
  sha1_string_unicode,
  sha1_string_utf8,
} from '../../src/gml/stringEncodings.ts'
import { throwsError, wrong } from '../buffer/helpers.ts'
import { spec } from '../spec.ts'

// Computed with Python's hashlib; those of "hola" in UTF-16 also stand in a Spanish manual of GameMaker.
const digests: [run: (string: string) => string, string: string, digest: string][] = [
  [md5_string_utf8, '', 'd41d8cd98f00b204e9800998ecf8427e'],
  [md5_string_unicode, '', 'd41d8cd98f00b204e9800998ecf8427e'],
  [sha1_string_utf8, '', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  [sha1_string_unicode, '', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  [md5_string_utf8, 'hola', '4d186321c1a7f0f354b297e8914ab240'],
  [md5_string_unicode, 'hola', '6ef03d50ba96fe64a44e8bc0be049d38'],
  [sha1_string_utf8, 'hola', '99800b85d3383e3a2fb45eb7d0066a4879a9dad0'],
  [sha1_string_unicode, 'hola', 'cd59beba6a60dbc5295c55d780257d6d2dca3031'],
  [md5_string_utf8, 'héllo€😀', 'c0bff99b4acb5bf0cc9fb227d2d88847'],
  [md5_string_unicode, 'héllo€😀', '451b99e2cdf83a5734a518b0bfd3390a'],
  [sha1_string_utf8, 'héllo€😀', '5001e7e1f24e1fc794ad4f3d9822e5cd28155126'],
  [sha1_string_unicode, 'héllo€😀', '55a5f6eda07af0e153d2aa5759d438f77e4e12ab'],
]

const functions = [
  base64_decode,
  base64_encode,
  md5_string_unicode,
  md5_string_utf8,
  sha1_string_unicode,
  sha1_string_utf8,
]

spec('digests of strings', (it) => {
  for (const [run, string, digest] of digests)
    it(`${run.name} of ${JSON.stringify(string)}`, () => {
      assert.is(run(string), digest)
      // A string ends at its first NUL.
      assert.is(run(`${string}\0and more`), digest)
    })
})

spec('base64_encode and base64_decode', (it) => {
  it('are of the bytes in UTF-8', () => {
    for (const [string, text] of [
      ['', ''],
      ['hola', 'aG9sYQ=='],
      ['héllo€😀', 'aMOpbGxv4oKs8J+YgA=='],
    ] as const) {
      assert.is(base64_encode(string), text)
      assert.is(base64_decode(text), string)
    }
    assert.is(base64_encode('hola\0and more'), 'aG9sYQ==')
  })

  it('take white space, missing padding and surrogates of three bytes', () => {
    assert.is(base64_decode(' aG9s\r\nYQ '), 'hola')
    assert.is(base64_decode(Buffer.from('eda0bdedb880', 'hex').toString('base64')), '😀')
  })

  it('make the empty string of what is not base64', () => {
    for (const text of ['a', '*', 'aG9sYQ===', 'aG9s-_', '{"a":1}', 'é', '\0'])
      assert.is(base64_decode(text), '', text)
  })

  it('end the string at a NUL, and replace what is not UTF-8', () => {
    assert.is(base64_decode('YQBi'), 'a')
    assert.is(base64_decode('Yf9i'), 'a\ufffdb')
  })

  it('give every string back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (drawn) => {
        const [string = ''] = drawn.split('\0')
        assert.is(base64_decode(base64_encode(drawn)), string)
      }),
    )
  })

  it('never throw for a string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (drawn) => {
        for (const run of functions) assert.type(run(drawn), 'string')
      }),
    )
  })
})

spec('functions of strings', (it) => {
  it('take strings only', () => {
    for (const run of functions)
      for (const value of [undefined, null, 5, 5n, true, ['a'], {}])
        throwsError(() => run(wrong(value)), 'TypeError', `${run.name}: string must be a string`)
  })
})
