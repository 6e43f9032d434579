import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { BufferKind } from '../../src/constants/BufferKind.ts'
import { BufferType } from '../../src/constants/BufferType.ts'
import { peekBuffer } from '../../src/buffer/peekBuffer.ts'
import { readBuffer } from '../../src/buffer/readBuffer.ts'
import { readText } from '../../src/buffer/readText.ts'
import { seekBuffer } from '../../src/buffer/seekBuffer.ts'
import { loadUtf8, toUtf8 } from '../../src/buffer/utf8.ts'
import { spec } from '../spec.ts'
import { bufferOf, hexOf, received } from './helpers.ts'

// Texts of GameMaker's HTML5 games: an emoji is two surrogates of three bytes each.
const emoji = 'eda0bdedb880'
const bad = '\ufffd'

const vectors: [name: string, bytes: string, text: string][] = [
  ['a pair', emoji, '😀'],
  ['two pairs', emoji + emoji, '😀😀'],
  ['the lowest pair', 'eda080edb080', '\u{10000}'],
  ['the highest pair', 'edafbfedbfbf', '\u{10ffff}'],
  ['a pair among other characters', `61c3a9${emoji}e282ac`, 'aé😀€'],
  ['a pair in a long text', `${'61'.repeat(40)}${emoji}${'62'.repeat(40)}`, longText('😀')],
  ['a pair behind a character that is cut', `f09f98${emoji}`, `${bad}😀`],
  ['a pair before a byte that is wrong', `${emoji}80`, `😀${bad}`],
  ['a pair behind the byte that begins it', `ed${emoji}`, `${bad}😀`],
  ['half a pair: the high one', 'eda0bd', bad.repeat(3)],
  ['half a pair: the low one', 'edb880', bad.repeat(3)],
  ['halves in the wrong order', 'edb880eda0bd', bad.repeat(6)],
  ['a high half, then a pair', `eda0bd${emoji}`, `${bad.repeat(3)}😀`],
  ['a pair, then a low half', `${emoji}edb880`, `😀${bad.repeat(3)}`],
  ['halves with a byte between', 'eda0bd61edb880', `${bad.repeat(3)}a${bad.repeat(3)}`],
  ['a pair that is cut', emoji.slice(0, 10), bad.repeat(5)],
  ['what is below the surrogates', 'ed9fbfee8080', '\ud7ff\ue000'],
  ['the sign for malformed bytes itself', 'efbfbd', bad],
  ['a byte order mark, then a pair', `efbbbf${emoji}`, '\ufeff😀'],
]

function longText(middle: string): string {
  return 'a'.repeat(40) + middle + 'b'.repeat(40)
}

/** A decoder by the book: longest valid prefixes, as the WHATWG has them, and pairs of surrogates. */
function decodeByTheBook(bytes: readonly number[]): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const pair = pairAt(bytes, at)
    const { size, code } = pair === undefined ? characterAt(bytes, at) : { size: 6, code: pair }
    text += String.fromCodePoint(code)
    at += size
  }
  return text
}

/** The character of six bytes, if they are one: each half is 16 bits in three bytes. */
function pairAt(bytes: readonly number[], at: number): number | undefined {
  const bits = bytes.slice(at, at + 6).map((byte) => byte.toString(2).padStart(8, '0'))
  const form = /^1110(\d{4})10(\d{6})10(\d{6})1110(\d{4})10(\d{6})10(\d{6})$/.exec(bits.join(''))
  if (form === null) return undefined
  const high = Number.parseInt(form.slice(1, 4).join(''), 2)
  const low = Number.parseInt(form.slice(4, 7).join(''), 2)
  if (high < 0xd800 || high > 0xdbff || low < 0xdc00 || low > 0xdfff) return undefined
  return String.fromCharCode(high, low).codePointAt(0)
}

function characterAt(bytes: readonly number[], at: number): { size: number; code: number } {
  const first = bytes[at]!
  if (first < 0x80) return { size: 1, code: first }
  const length = first >= 0xc2 && first <= 0xf4 ? (first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4) : 0
  if (length === 0) return { size: 1, code: 0xfffd }
  let code = first & (0x7f >> length)
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i] ?? 0
    const [low, high] = i === 1 ? secondRange(first) : [0x80, 0xbf]
    if (next < low || next > high) return { size: i, code: 0xfffd }
    code = code * 64 + (next & 0x3f)
  }
  return { size: length, code }
}

/** Which second bytes are neither too long a form, nor a surrogate, nor above U+10FFFF. */
function secondRange(first: number): readonly [low: number, high: number] {
  if (first === 0xe0) return [0xa0, 0xbf]
  if (first === 0xed) return [0x80, 0x9f]
  if (first === 0xf0) return [0x90, 0xbf]
  if (first === 0xf4) return [0x80, 0x8f]
  return [0x80, 0xbf]
}

/** Bytes that are likely to be surrogates, halves of pairs, and characters that are cut. */
const bytes = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }).map((text) => Array.from(Buffer.from(text))),
      fc.constantFrom(0xed, 0xed, 0xa0, 0xaf, 0xb0, 0xbf, 0x80, 0x9f, 0xf0, 0xe2, 0x61).map(one),
      fc.nat(255).map(one),
      fc.tuple(fc.nat(0xfff), fc.nat(0xfff)).map(([high, low]) => [half(high), half(low)].flat()),
      fc.constant([...Buffer.from(emoji, 'hex')]),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.flat().filter((byte) => byte !== 0))

function one(byte: number): number[] {
  return [byte]
}

/** Three bytes of a code from U+D000 on. */
function half(bits: number): number[] {
  return [0xed, 0x80 | (bits >> 6), 0x80 | (bits & 0x3f)]
}

spec('UTF-8 with pairs of surrogates', (it) => {
  for (const [name, hex, text] of vectors)
    it(`reads ${name}`, () => {
      const whole = `${hex}00`
      for (const buffer of [bufferOf(whole), received(whole).buffer]) {
        assert.is(readBuffer(buffer, BufferType.string), text)
        seekBuffer(buffer, 0, 0)
        assert.is(readBuffer(buffer, BufferType.text), text)
        seekBuffer(buffer, 0, 0)
        assert.is(readText(buffer), text)
        assert.is(peekBuffer(buffer, 0, BufferType.string), text)
      }
      assert.is(decodeByTheBook([...Buffer.from(hex, 'hex')]), text)
    })

  it('reads a pair around the end of a wrap buffer', () => {
    for (let cut = 1; cut < 6; cut++) {
      const turned = emoji.slice(2 * cut) + '00' + emoji.slice(0, 2 * cut)
      const buffer = bufferOf(turned, BufferKind.wrap)
      seekBuffer(buffer, 0, 7 - cut)
      assert.is(readBuffer(buffer, BufferType.string), '😀')
    }
  })

  it('sends a text as UTF-8', () => {
    assert.is(hexOf(toUtf8(Buffer.from(`61${emoji}ff`, 'hex'))), '61f09f9880efbfbd')
  })

  it('reads any bytes as a decoder by the book does', () => {
    fc.assert(
      fc.property(bytes, (drawn) => {
        assert.is(loadUtf8(Uint8Array.from(drawn), 0, drawn.length), decodeByTheBook(drawn))
      }),
      { numRuns: 5_000 },
    )
  })

  it('reads what has no pair as the platform does', () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    fc.assert(
      fc.property(bytes, (drawn) => {
        if (drawn.some((_, at) => pairAt(drawn, at) !== undefined)) return
        const array = Uint8Array.from(drawn)
        assert.is(loadUtf8(array, 0, array.length), decoder.decode(array))
      }),
      { numRuns: 5_000 },
    )
  })
})
