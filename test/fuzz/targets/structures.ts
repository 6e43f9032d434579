// The texts of ds_map_read and ds_list_read: what is right comes back the same when it is written again, and what is wrong changes
// nothing.
//
//   u8   bit 0: a list; bit 1: what follows is the text itself, else its bytes, which are written in hex
//   rest

import * as assert from 'uvu/assert'
import {
  ds_list_add,
  ds_list_create,
  ds_list_destroy,
  ds_list_read,
  ds_list_size,
  ds_list_write,
  ds_map_add,
  ds_map_create,
  ds_map_destroy,
  ds_map_read,
  ds_map_size,
  ds_map_write,
  json_encode,
} from '../../../src/gml.ts'
import { type Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'
import { ScriptReader, ScriptWriter } from '../Script.ts'
import { bytesOf, checkPrototypes, names, textOf, written } from './textCases.ts'

/** UTF-8 of names, and what is none: halves of surrogate pairs, and cut characters. */
function drawName(draw: Draw): Uint8Array {
  if (draw.isLucky(0.8)) return bytesOf(draw.one(names))
  const pieces = ['eda080', 'edb080', '61', 'c3a9', 'f09f98', 'ed', 'eda0', 'ff', '00']
  const hex = Array.from({ length: draw.below(5) }, () => draw.one(pieces)).join('')
  return Buffer.from(hex, 'hex')
}

function drawStructure(draw: Draw): Uint8Array {
  const isList = draw.isLucky(0.4)
  const version = (isList ? 302 : 402) + draw.below(2)
  const count = draw.below(6)
  const script = new ScriptWriter()
    .u8(isList ? 1 : 0)
    .u32(draw.isLucky(0.95) ? version : draw.word())
  const values = new ScriptWriter()
  const hasRows = version === 302 || version === 402
  for (let left = isList ? count : 2 * count; left > 0; left--) drawValue(draw, values, hasRows, 0)
  return script.u32(draw.isLucky(0.97) ? count : draw.word()).raw(values.bytes).bytes
}

function drawValue(draw: Draw, script: ScriptWriter, hasRows: boolean, depth: number): void {
  if (depth === 0 && draw.isLucky(0.04)) {
    drawDeep(draw, script, hasRows)
    return
  }
  const type = draw.one([0, 0, 1, 1, 2, 3, 5, 7, 10, 12, 13, 1_000, 1_001, 99])
  script.u32(type)
  if (type === 1) script.raw(lengthAnd(drawName(draw)))
  else if (type === 2 || type === 1_001) {
    const count = depth > 3 ? 0 : draw.below(4)
    if (type === 2 && hasRows) script.u32(1)
    script.u32(count)
    for (let left = count; left > 0; left--) {
      if (type === 1_001) script.raw(lengthAnd(drawName(draw)))
      drawValue(draw, script, hasRows, depth + 1)
    }
  } else if (type === 7) script.u32(draw.word())
  else if (type === 13 || type === 0) script.raw(drawReal(draw))
  else if (type === 10 || type === 3 || type === 1_000) script.u32(draw.word()).u32(draw.word())
}

function drawReal(draw: Draw): Uint8Array {
  const real = draw.one([0, -0, 1, 0.5, 5, -1e300, Number.NaN, Infinity, draw.word()])
  return new Uint8Array(Float64Array.of(real).buffer)
}

/** Arrays inside each other, about as many as may be. */
function drawDeep(draw: Draw, script: ScriptWriter, hasRows: boolean): void {
  for (let left = 120 + draw.below(16); left > 0; left--) {
    script.u32(2).u32(1)
    if (hasRows) script.u32(1)
  }
  script.u32(5)
}

function lengthAnd(bytes: Uint8Array): Uint8Array {
  return new ScriptWriter().u32(bytes.length).raw(bytes).bytes
}

interface Structure {
  readonly create: () => number
  readonly fill: (handle: number) => void
  readonly read: (handle: number, text: string) => boolean
  readonly write: (handle: number) => string
  readonly size: (handle: number) => number | undefined
  readonly destroy: (handle: number) => void
}

const structureKinds: readonly Structure[] = [
  {
    create: ds_map_create,
    fill: (handle) => void ds_map_add(handle, 'old', 1),
    read: ds_map_read,
    write: ds_map_write,
    size: ds_map_size,
    destroy: ds_map_destroy,
  },
  {
    create: ds_list_create,
    fill: (handle) => ds_list_add(handle, 'old'),
    read: ds_list_read,
    write: ds_list_write,
    size: ds_list_size,
    destroy: ds_list_destroy,
  },
]

function runStructure(input: Uint8Array): string {
  const script = new ScriptReader(input)
  const flags = script.u8()
  const kind = structureKinds[flags & 1]!
  const rest = script.rest()
  const text = (flags & 2) === 0 ? Buffer.from(rest).toString('hex') : textOf(rest)
  const handle = kind.create()
  try {
    kind.fill(handle)
    if (!kind.read(handle, text)) {
      assert.is(kind.size(handle), 1, 'it stays as it is')
      return 'refused'
    }
    if ((flags & 1) === 0) written(() => json_encode(handle))
    const again = written(() => kind.write(handle))
    if (again === undefined) return 'unwritten'
    assert.ok(kind.read(handle, again), 'what was written is read')
    assert.is(kind.write(handle), again)
    return 'read'
  } finally {
    kind.destroy(handle)
    checkPrototypes()
  }
}

export const structures: Target = {
  name: 'structures',
  draw: drawStructure,
  tokens: [
    Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0),
    Uint8Array.of(0xe9, 3, 0, 0),
    bytesOf('__proto__'),
  ],
  run: runStructure,
  outcomes: ['read', 'refused'],
}
