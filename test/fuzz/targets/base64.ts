// Base64 text: what a second decoder takes is taken, and gives the same bytes.

import * as assert from 'uvu/assert'
import {
  buffer_base64_decode,
  buffer_base64_encode,
  buffer_delete,
  buffer_get_size,
} from '../../../src/gml.ts'
import { type Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'
import { bytesOf, textOf } from './textCases.ts'

function drawBase64(draw: Draw): Uint8Array {
  const text = Buffer.from(draw.bytes(draw.size(120))).toString('base64')
  if (draw.isLucky(0.4)) return bytesOf(text)
  const at = draw.below(text.length + 1)
  const piece = draw.one([
    '=',
    '==',
    ' ',
    '\n',
    '\t',
    '-',
    '_',
    '\u00a0',
    'A',
    '\0',
    'é',
    '====',
    '\v',
  ])
  return bytesOf(text.slice(0, at) + piece + text.slice(at + draw.below(2)))
}

/** The bytes of a text by the rules of HTML ("forgiving base64"), or `undefined`. */
function secondBase64(text: string): Buffer | undefined {
  let own = text.replaceAll(/[\t\n\f\r ]/g, '')
  if (own.length % 4 === 0) own = own.replace(/={1,2}$/, '')
  return /^[A-Za-z0-9+/]*$/.test(own) && own.length % 4 !== 1
    ? Buffer.from(own, 'base64')
    : undefined
}

function runBase64(input: Uint8Array): string {
  const text = textOf(input)
  const expected = secondBase64(text)
  const buffer = buffer_base64_decode(text)
  assert.is(buffer >= 0, expected !== undefined, 'base64')
  if (expected === undefined) return 'refused'
  assert.is(buffer_get_size(buffer), expected.length)
  assert.is(buffer_base64_encode(buffer, 0, -1), expected.toString('base64'))
  buffer_delete(buffer)
  return expected.length === 0 ? 'empty' : 'decoded'
}

export const base64: Target = {
  name: 'base64',
  draw: drawBase64,
  tokens: ['=', '==', '\n', 'A', '-'].map(bytesOf),
  run: runBase64,
  outcomes: ['decoded', 'refused'],
}
