import { isUtf8 } from 'node:buffer'
import * as assert from 'uvu/assert'
import { invalidUtf8, scanUtf8, wholeUtf8 } from '../../../src/protocol/webSocket/scanUtf8.ts'
import { spec } from '../../spec.ts'

/** Bytes around every limit of RFC 3629. */
const edges = Buffer.from('00417f80818f90919fa0a1bfc0c1c2c3dfe0e1ecedeef0f1f3f4f5ff', 'hex')

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, length)

/** Whether it is text, cut before each byte. */
function isText(bytes: Uint8Array): boolean {
  const view = viewOf(bytes)
  let state = wholeUtf8
  for (let at = 0; at < bytes.length; at++) {
    state = scanUtf8(state, view, at, at + 1)
    if (state === invalidUtf8) return false
  }
  return state === wholeUtf8
}

function check(bytes: Uint8Array): void {
  const expected = isUtf8(bytes)
  const isWhole = scanUtf8(wholeUtf8, viewOf(bytes), 0, bytes.length) === wholeUtf8
  if (isWhole !== expected || isText(bytes) !== expected)
    assert.unreachable(`${Buffer.from(bytes).toString('hex')} ${expected}`)
}

spec('scanUtf8', (it) => {
  it('agrees with Node on all of one and two bytes', () => {
    for (let first = 0; first < 256; first++) {
      check(Uint8Array.of(first))
      for (let second = 0; second < 256; second++) check(Uint8Array.of(first, second))
    }
  })

  it('agrees with Node on three and four bytes around the limits', () => {
    for (const first of edges)
      for (const second of edges)
        for (const third of edges) {
          check(Uint8Array.of(first, second, third))
          for (const fourth of edges) check(Uint8Array.of(first, second, third, fourth))
        }
  })

  it('agrees with Node on every code point', () => {
    for (let point = 0; point <= 0x10ffff; point += point < 0x3000 ? 1 : 7)
      if (point < 0xd800 || point > 0xdfff) check(Buffer.from(String.fromCodePoint(point)))
  })

  it('checks only its piece', () => {
    const view = viewOf(Uint8Array.of(0xff, 0x41, 0xc3, 0xa9, 0xff))
    assert.is(scanUtf8(wholeUtf8, view, 1, 4), wholeUtf8)
    assert.is(scanUtf8(scanUtf8(wholeUtf8, view, 1, 3), view, 3, 4), wholeUtf8)
  })

  it('finds what is wrong at each place of a longer text', () => {
    for (let size = 1; size < 40; size++)
      for (let place = 0; place < size; place++)
        for (const byte of [0x7f, 0x80, 0xc3, 0xff]) {
          const bytes = Buffer.alloc(size, 'a')
          bytes[place] = byte
          check(bytes)
        }
  })
})
