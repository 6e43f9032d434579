// JSON, and maps that ds_map_secure_load_buffer loads: what another parser takes is taken, but for what is too deep, and comes back
// the same when it is written again.

import * as assert from 'uvu/assert'
import { createHash } from 'node:crypto'
import { BadMessageError } from '../../../src/errors/BadMessageError.ts'
import {
  buffer_create,
  buffer_delete,
  buffer_grow,
  buffer_seek,
  buffer_seek_start,
  buffer_string,
  buffer_tell,
  buffer_write,
  ds_map_destroy,
  ds_map_secure_load_buffer,
  json_decode,
  json_encode,
  json_parse,
  json_stringify,
} from '../../../src/gml.ts'
import { type Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'
import { ScriptReader, ScriptWriter } from '../Script.ts'
import { bytesOf, checkPrototypes, names, textOf, written } from './textCases.ts'

const jsonPieces = [
  '"__proto__":{"polluted":1}',
  '"@@nan$$"',
  '"@@-infinity$$"',
  '"@i64@7fffffffffffffff$i64$"',
  '"@i64@xyz$i64$"',
  '"10":1',
  '"a":1,"a":2',
  '"a\\u0000b":1',
  '"\\ud800"',
  '"\\""',
  '1e999',
  '-0',
  'null',
  'true',
  '\ufeff',
  '[',
  '{',
  '}',
  ']',
  ',',
  ':',
  '"',
  '\\',
  ' ',
  '0x1',
  '-',
  '\u2028',
]

function drawJson(draw: Draw): Uint8Array {
  if (draw.isLucky(0.03)) return bytesOf(drawDeepJson(draw))
  const text = jsonValue(draw, 0)
  if (draw.isLucky(0.7)) return bytesOf(text)
  const at = draw.below(text.length + 1)
  return bytesOf(text.slice(0, at) + draw.one(jsonPieces) + text.slice(at + draw.below(3)))
}

function jsonValue(draw: Draw, depth: number): string {
  const share = draw.below(depth === 0 ? 6 : depth > 3 ? 3 : 8)
  const space = draw.isLucky(0.05) ? draw.one([' ', '\n\t', '\r']) : ''
  if (share >= 5 || (depth === 0 && share > 0)) {
    const isArray = draw.isLucky(0.4)
    const members = Array.from({ length: draw.below(5) }, () =>
      isArray ? jsonValue(draw, depth + 1) : jsonMember(draw, depth),
    )
    const all = members.join(`,${space}`)
    return isArray ? `[${all}]` : `{${all}${space}}`
  }
  if (share === 0) return JSON.stringify(draw.one(names))
  if (share === 1) return String(draw.one([0, -1, 1.5, 1e21, draw.word()]))
  return draw.one([
    'null',
    'true',
    'false',
    '"@@nan$$"',
    '"@i64@ff$i64$"',
    '"\\ud83d"',
    '"\\u0000"',
  ])
}

function jsonMember(draw: Draw, depth: number): string {
  return `${JSON.stringify(draw.one(names))}:${jsonValue(draw, depth + 1)}`
}

function drawDeepJson(draw: Draw): string {
  const depth = draw.isLucky(0.9) ? 124 + draw.below(8) : draw.below(3_000)
  const isArray = draw.isLucky(0.5)
  return (
    (isArray ? '[' : '{"a":').repeat(depth) +
    (isArray ? '' : '1') +
    (isArray ? ']' : '}').repeat(depth)
  )
}

/** How deep the structures of a parsed text are. */
function depthOf(value: unknown): number {
  let depth = 0
  for (let level = [value]; level.length > 0; depth++)
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null
        ? (Object.values(each) as unknown[]).concat('')
        : [],
    )
  return depth - 1
}

/** Whether a text is JSON that a game takes, as far as another parser says. */
function isJson(text: string): boolean {
  try {
    return depthOf(JSON.parse(text)) <= 128
  } catch {
    return false
  }
}

function runJson(input: Uint8Array): string {
  const text = textOf(input)
  const expected = isJson(text)
  const map = json_decode(text)
  assert.is(map >= 0, expected, 'json_decode')
  if (expected) {
    const texts = [written(() => json_encode(map)), written(() => json_encode(map, true))]
    ds_map_destroy(map)
    for (const each of texts) if (each !== undefined) checkStable(each, texts[0]!)
  }
  runParse(text, expected)
  checkPrototypes()
  return expected ? 'json' : 'refused'
}

function checkStable(text: string, again: string): void {
  const map = json_decode(text)
  assert.ok(map >= 0, 'what was encoded is decoded')
  assert.is(json_encode(map), again)
  ds_map_destroy(map)
}

function runParse(text: string, expected: boolean): void {
  let parsed: unknown
  try {
    parsed = json_parse(text)
  } catch (error) {
    assert.ok(error instanceof BadMessageError && !expected, String(error))
    return
  }
  assert.ok(expected, 'json_parse')
  const again = json_stringify(parsed)
  assert.is(json_stringify(json_parse(again)), again)
}

export const json: Target = {
  name: 'json',
  draw: drawJson,
  tokens: jsonPieces.map(bytesOf),
  run: runJson,
  outcomes: ['json', 'refused'],
}

// Sealed maps:
//
//   u8   bit 0: what follows is JSON, which is sealed; bit 1: a character of the text is changed
//   if it is, u16 which, u8 how
//   rest

function drawSealed(draw: Draw): Uint8Array {
  const flags = draw.isLucky(0.9) ? 1 | (draw.isLucky(0.3) ? 2 : 0) : 0
  const script = new ScriptWriter().u8(flags)
  if (flags > 1) script.u16(draw.below(200)).u8(1 << draw.below(7))
  if (flags === 0 && draw.isLucky(0.5)) return script.raw(bytesOf(seal('{}'))).bytes
  return script.raw(drawJson(draw)).bytes
}

function seal(json: string): string {
  const digest = createHash('sha1').update(json).digest('hex')
  return Buffer.from(digest + json).toString('base64')
}

function runSealed(input: Uint8Array): string {
  const script = new ScriptReader(input)
  const flags = script.u8()
  const [place, change] = (flags & 2) === 0 ? [0, 0] : [script.u16(), script.u8() & 0x7f]
  const json = textOf(script.rest())
  let text = (flags & 1) === 0 ? json : seal(json)
  const at = place % Math.max(1, text.length)
  const code = text.charCodeAt(at)
  if (change > 0 && code < 128)
    text = text.slice(0, at) + String.fromCharCode(code ^ change) + text.slice(at + 1)
  const buffer = buffer_create(1, buffer_grow, 1)
  try {
    buffer_write(buffer, buffer_string, text)
    buffer_seek(buffer, buffer_seek_start, 0)
    const map = ds_map_secure_load_buffer(buffer)
    if (map >= 0) {
      ds_map_destroy(map)
      assert.ok(buffer_tell(buffer) > 0)
    } else assert.is(buffer_tell(buffer), 0, 'the position stays')
    if ((flags & 1) !== 0) assert.is(map >= 0, isJson(json) && change === 0, 'the seal')
    return map >= 0 ? 'loaded' : 'refused'
  } finally {
    buffer_delete(buffer)
    checkPrototypes()
  }
}

export const sealed: Target = {
  name: 'sealed',
  draw: drawSealed,
  tokens: jsonPieces.map(bytesOf),
  run: runSealed,
  outcomes: ['loaded', 'refused'],
}
