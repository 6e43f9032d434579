import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { ds_type_list, ds_type_map } from '../../../src/gml/constants.ts'
import { ds_exists } from '../../../src/gml/ds/dsExists.ts'
import { findList } from '../../../src/gml/ds/dsHandles.ts'
import {
  ds_list_add,
  ds_list_create,
  ds_list_destroy,
  ds_list_find_value,
} from '../../../src/gml/ds/dsListFunctions.ts'
import {
  ds_map_create,
  ds_map_destroy,
  ds_map_find_value,
  ds_map_keys_to_array,
  ds_map_set,
  ds_map_size,
} from '../../../src/gml/ds/dsMapFunctions.ts'
import {
  ds_map_add_list,
  ds_map_add_map,
  ds_map_is_list,
  ds_map_is_map,
} from '../../../src/gml/ds/dsMapOwned.ts'
import { json_decode, json_encode } from '../../../src/gml/ds/jsonFunctions.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { checkUnknown, mapOf } from './dsHelpers.ts'

const nestedList = { list: [1, [2, { a: undefined }], {}] }

// A value, the JSON that GameMaker's manual asks for, and what that is read back as.
const conversions: [name: string, value: unknown, json: string, back: unknown][] = [
  ['string', 'a"\n', '"a\\"\\n"', 'a"\n'],
  ['number', -2.5, '-2.5', -2.5],
  ['true', true, 'true', true],
  ['false', false, 'false', false],
  ['undefined', undefined, 'null', undefined],
  ['null', null, 'null', undefined],
  ['infinity', Infinity, '"@@infinity$$"', Infinity],
  ['-infinity', -Infinity, '"@@-infinity$$"', -Infinity],
  ['NaN', Number.NaN, '"@@nan$$"', Number.NaN],
  ['int32', 5n, '5', 5],
  ['an int64 that a real holds', 2n ** 60n, String(2 ** 60), 2 ** 60],
  ['int64', 2n ** 53n + 1n, '"@i64@20000000000001$i64$"', 2n ** 53n + 1n],
  ['a negative int64', -(2n ** 53n) - 1n, '"@i64@ffdfffffffffffff$i64$"', -(2n ** 53n) - 1n],
  ['u64', 2n ** 64n - 1n, '"@i64@ffffffffffffffff$i64$"', -1n],
  ['function', () => {}, 'null', undefined],
  ['symbol', Symbol('none'), 'null', undefined],
  ['array', [1, [undefined, 'a']], '[1,[null,"a"]]', [1, [undefined, 'a']]],
  ['struct', nestedList, '{"list":[1,[2,{"a":null}],{}]}', nestedList],
]

const keyTexts: [key: unknown, text: string][] = [
  ['a', 'a'],
  ['', ''],
  ['__proto__', '__proto__'],
  [5, '5'],
  [0.5, '0.5'],
  [7n, '7'],
  [true, 'true'],
  [undefined, 'undefined'],
  [null, 'null'],
  [Symbol('s'), 'Symbol(s)'],
  [[1, 2], 'an array of 2'],
  [Object.create(null), 'an object'],
]

spec('json_encode', (it) => {
  it('write a hole of an array as undefined, so that what is written can be read', () => {
    const map = ds_map_create()
    const holes: unknown[] = []
    holes[1] = 1
    ds_map_set(map, 'a', wrong(holes))
    const read = json_decode(json_encode(map))
    assert.ok(read >= 0)
    ds_map_destroy(read)
    ds_map_destroy(map)
  })

  for (const [name, value, json] of conversions)
    it(`writes what the manual says for: ${name}`, () => {
      assert.is(json_encode(mapOf(['a', value])), `{"a":${json}}`)
    })

  for (const [key, text] of keyTexts)
    it(`writes as a name: ${text}`, () => {
      assert.is(json_encode(mapOf([key, 1])), `{${JSON.stringify(text)}:1}`)
    })

  it('writes owned maps and lists, and the handles of others', () => {
    const map = ds_map_create()
    const [child, list, plain] = [mapOf(['x', 1]), ds_list_create(), ds_map_create()]
    ds_list_add(list, 'a', [1])
    ds_map_add_map(map, 'child', child)
    ds_map_add_list(map, 'list', list)
    ds_map_set(map, 'plain', plain)
    assert.is(json_encode(map), `{"child":{"x":1},"list":["a",[1]],"plain":${plain}}`)
  })

  it('writes an owned structure that is gone as an empty one', () => {
    const map = ds_map_create()
    const [child, list] = [mapOf(['x', 1]), ds_list_create()]
    ds_map_add_map(map, 'child', child)
    ds_map_add_list(map, 'list', list)
    ds_map_destroy(child)
    ds_list_destroy(list)
    assert.is(json_encode(map), '{"child":{},"list":[]}')
  })

  it('writes keys in their order, also those that are numbers', () => {
    const map = mapOf(['b', 0], ['10', 0], [2, 0], ['a', 0])
    const child = mapOf([7n, 0], ['3', 0])
    ds_map_add_map(map, '1', child)
    assert.is(json_encode(map), '{"b":0,"10":0,"2":0,"a":0,"1":{"7":0,"3":0}}')
    const lines = ['{', '  "b": 0,', '  "10": 0,', '  "2": 0,', '  "a": 0,', '  "1": {']
    lines.push('    "7": 0,', '    "3": 0', '  }', '}')
    assert.is(json_encode(map, true), lines.join('\n'))
  })

  it('throws for two keys of one map with the same text', () => {
    const pairs: [unknown, unknown][] = [
      [5, '5'],
      [undefined, 'undefined'],
      [null, 'null'],
      [2n ** 60n + 1n, String(2n ** 60n + 1n)],
      [[1], [2]],
    ]
    for (const [one, other] of pairs) {
      const map = mapOf(['child', 0])
      ds_map_add_map(map, 'inner', mapOf([one, 'one'], [other, 'other']))
      throwsError(() => json_encode(map), 'RangeError', 'json_encode: two keys', 'the same text')
    }
    const apart = mapOf([5, 'one'])
    ds_map_add_map(apart, 'inner', mapOf(['5', 'other']))
    assert.is(json_encode(apart), '{"5":"one","inner":{"5":"other"}}')
  })

  it('throws for two names of a struct that are the same up to a NUL, and reads the last of such keys', () => {
    throwsError(
      () => json_encode(mapOf(['struct', { 'a\0b': 1, 'a\0c': 2 }])),
      'RangeError',
      'json_encode: two names',
      '"a"',
    )
    same(json_decode(String.raw`{"a\u0000b":1,"x":0,"a\u0000c":2}`), { a: 2, x: 0 })
  })

  it('writes a lone surrogate as an escape, which comes back', () => {
    const map = mapOf(['\ud800', 'a\udc00'])
    const text = json_encode(map)
    assert.is(text, String.raw`{"\ud800":"a\udc00"}`)
    same(json_decode(text), { '\ud800': 'a\udc00' })
  })

  it('breaks lines if asked', () => {
    const map = mapOf(['a', [1]])
    const pretty = '{\n  "a": [\n    1\n  ]\n}'
    assert.is(json_encode(map, true), pretty)
    assert.is(json_encode(map, 1), pretty)
    assert.is(json_encode(map, 0), '{"a":[1]}')
    assert.is(json_encode(map, false), '{"a":[1]}')
  })

  it('throws for a structure that contains itself, and says which', () => {
    const map = ds_map_create()
    const child = ds_map_create()
    ds_map_add_map(map, 'child', child)
    ds_map_add_map(child, 'map', map)
    throwsError(() => json_encode(map), 'RangeError', `json_encode: ds_map ${map} contains itself`)
    const list = json_decode('[[]]')
    const array: unknown[] = []
    array.push([array])
    const struct: Record<string, unknown> = {}
    struct['self'] = struct
    for (const value of [array, struct])
      throwsError(() => json_encode(mapOf(['a', value])), 'RangeError', 'json_encode: an', 'itself')
    ds_map_destroy(list)
  })

  it('writes a structure that is there twice, twice', () => {
    const map = ds_map_create()
    const child = mapOf(['x', 1])
    ds_map_add_map(map, 'a', child)
    ds_map_add_map(map, 'b', child)
    const shared = [1]
    ds_map_set(map, 'c', [shared, shared])
    assert.is(json_encode(map), '{"a":{"x":1},"b":{"x":1},"c":[[1],[1]]}')
  })

  it('throws for more than 128 inside each other, however deep', () => {
    const deepest = ds_map_create()
    let map = deepest
    for (let depth = 1; depth <= 50_000; depth++) {
      if (depth === 128) assert.is(json_encode(map).length, 127 * '{"a":}'.length + 2)
      const parent = ds_map_create()
      ds_map_add_map(parent, 'a', map)
      map = parent
      if (depth === 128) throwsError(() => json_encode(map), 'RangeError', 'json_encode: ', '128')
    }
    throwsError(() => json_encode(map), 'RangeError', 'json_encode: ', '128')
    ds_map_destroy(map)
    assert.is(ds_exists(deepest, ds_type_map), false)
  })

  it('throws for a bigint above 64 bits', () => {
    const map = mapOf(['a', 2n ** 64n])
    throwsError(() => json_encode(map), 'RangeError', 'json_encode: ', '64 bits')
  })

  it('writes a map that does not exist as an empty one, or throws if set so', () => {
    const stale = ds_map_create()
    ds_map_destroy(stale)
    checkUnknown([['json_encode', (id) => json_encode(id), '{}']], ['json_encode'], stale)
  })
})

const invalid = [
  '',
  ' ',
  'nonsense',
  '{',
  '{"a":}',
  "{'a':1}",
  '{"a":1,}',
  '[1,2',
  '1 2',
  'NaN',
  'undefined',
  '\uFEFF{}',
  '"\u0000"',
  '01',
]

spec('json_decode', (it) => {
  for (const [name, , json, back] of conversions)
    it(`reads what the manual says for: ${name}`, () => {
      same(json_decode(`{"a":${json}}`), { a: back })
      same(json_decode(json.startsWith('{') ? `[${json}]` : json), {
        default: json.startsWith('{') ? [back] : back,
      })
    })

  it('puts what is no object under the key "default"', () => {
    same(json_decode('[1,{"a":[]}]'), { default: [1, { a: [] }] })
    same(json_decode(' 5 '), { default: 5 })
    same(json_decode('"text"'), { default: 'text' })
    same(json_decode('null'), { default: undefined })
    same(json_decode('[]'), { default: [] })
    same(json_decode('{}'), {})
  })

  it('makes maps and lists that end with the first', () => {
    const map = json_decode('{"child":{"x":1},"list":[[{}]]}')
    const child: number = ds_map_find_value(map, 'child')
    const list: number = ds_map_find_value(map, 'list')
    const inner: number = ds_list_find_value(list, 0)
    const innermost: number = ds_list_find_value(inner, 0)
    assert.is(ds_map_is_map(map, 'child'), true)
    assert.is(ds_map_is_list(map, 'list'), true)
    assert.ok(ds_exists(child, ds_type_map) && ds_exists(inner, ds_type_list))
    assert.is(ds_exists(innermost, ds_type_map), true)
    ds_map_destroy(map)
    for (const id of [child, innermost]) assert.is(ds_exists(id, ds_type_map), false)
    for (const id of [list, inner]) assert.is(ds_exists(id, ds_type_list), false)
  })

  it('takes names as they are', () => {
    const map = json_decode('{"__proto__":{"x":1},"constructor":2,"toString":3,"5":4,"":5}')
    assert.is(ds_map_size(map), 5)
    assert.is(ds_map_find_value(ds_map_find_value(map, '__proto__'), 'x'), 1)
    assert.is(ds_map_find_value(map, 'x'), undefined)
    assert.is(ds_map_find_value(map, '5'), 4)
    assert.is(ds_map_find_value(map, 5), undefined)
    assert.is(({} as Record<string, unknown>)['x'], undefined)
    ds_map_destroy(map)
  })

  it('keeps the order of names, also of numbers and of what has escapes', () => {
    const text = String.raw` { "b" : "x\":" , "10":["\\", {"2":1, "\u0031" :2,"-1":3}],"2"
: {"01":1,"1":"}"} ,"a":"","":4 } `
    const map = json_decode(text)
    assert.equal(ds_map_keys_to_array(map), ['b', '10', '2', 'a', ''])
    assert.is(ds_map_find_value(map, 'b'), 'x":')
    const list: number = ds_map_find_value(map, '10')
    assert.is(ds_list_find_value(list, 0), '\\')
    assert.equal(ds_map_keys_to_array(ds_list_find_value(list, 1)), ['2', '1', '-1'])
    assert.equal(ds_map_keys_to_array(ds_map_find_value(map, '2')), ['01', '1'])
    assert.is(json_encode(map), text.replaceAll(/\s/g, '').replace(String.raw`\u0031`, '1'))
    ds_map_destroy(map)
  })

  it('takes a time that grows with the length only', () => {
    for (const text of ['"a":', '\\"', '"\\', '"', '" '])
      assert.is(json_decode(text.repeat(500_000)), -1)
    const escaped = JSON.stringify({ a: '"\\'.repeat(500_000) })
    same(json_decode(escaped), JSON.parse(escaped))
  })

  it('takes the last of two equal names', () => {
    same(json_decode('{"a":{"b":1},"a":2}'), { a: 2 })
  })

  it('takes only whole texts for numbers', () => {
    const texts = [
      '@@nan$$ ',
      '@i64@$i64$',
      '@i64@g$i64$',
      'x@i64@1$i64$',
      '@i64@1$i64$x',
      '@i64@10000000000000000$i64$',
      '@i64@1$i64@',
    ]
    for (const text of texts) same(json_decode(JSON.stringify(text)), { default: text })
    same(json_decode('"@i64@fF$i64$"'), { default: 255n })
  })

  for (const text of invalid)
    it(`gives -1 for ${JSON.stringify(text)}`, () => {
      assert.is(json_decode(text), -1)
    })

  it('gives -1 for more than 128 inside each other, and makes nothing', () => {
    assert.ok(json_decode(`${'['.repeat(127)}${']'.repeat(127)}`) >= 0)
    const last = json_decode(`${'['.repeat(128)}${']'.repeat(128)}`)
    assert.ok(last >= 0)
    assert.is(json_decode(`${'['.repeat(129)}${']'.repeat(129)}`), -1)
    assert.is(json_decode(`{"ok":[],"deep":${'{"a":['.repeat(64)}${']}'.repeat(64)}}`), -1)
    assert.is(ds_map_create(), last + 1)
  })

  it('survives a megabyte of brackets', () => {
    const half = 500_000
    assert.is(json_decode('['.repeat(2 * half)), -1)
    assert.is(json_decode(`${'['.repeat(half)}${']'.repeat(half)}`), -1)
    assert.is(json_decode('{"a":'.repeat(200_000)), -1)
    assert.is(json_decode(`${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`), -1)
    assert.is(json_decode('"'.repeat(1_000_000)), -1)
  })

  it('takes texts only', () => {
    for (const value of [undefined, null, 5, {}, []])
      throwsError(() => json_decode(wrong(value)), 'TypeError', 'json_decode: string must be')
  })

  it('never throws for a text', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      '"a"',
      '1',
      '-',
      '.',
      'e',
      'null',
      'true',
    ]
    const broken = fc.array(fc.constantFrom(...pieces)).map((some) => some.join(''))
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), broken), (text) => {
        const map = json_decode(text)
        assert.is(map >= 0, isJson(text))
        ds_map_destroy(map)
      }),
      { numRuns: 1000 },
    )
  })

  it('gives back what json_encode wrote', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.double(),
        fc.string({ unit: 'binary' }).filter((text) => !text.includes('@')),
        fc.boolean(),
        fc.constant(undefined),
        fc.bigInt({ min: 2n ** 60n + 1n, max: 2n ** 60n + 100n }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(name, tie('value'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 6 }), (members) => {
        const map = mapOf(...Object.entries(members))
        const back = json_decode(json_encode(map))
        same(json_decode(json_encode(back, true)), members)
        same(back, members)
        ds_map_destroy(map)
      }),
      { numRuns: 300 },
    )
  })
})

// Names end at a NUL.
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5 }).map((drawn) => drawn.replaceAll('\0', '')),
  fc.constant('__proto__'),
)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Asserts what a map holds, its maps as objects and its lists as arrays, and destroys it. */
function same(map: number, expected: unknown): void {
  assert.ok(map >= 0)
  assert.is(describe(contentOf(map)), describe(expected))
  ds_map_destroy(map)
}

function contentOf(map: number): object {
  const entries = ds_map_keys_to_array(map).map((key): [string, unknown] => {
    const value: unknown = ds_map_find_value(map, key)
    if (ds_map_is_map(map, key)) return [key, contentOf(value as number)]
    return [key, ds_map_is_list(map, key) ? listContent(value as number) : value]
  })
  return Object.fromEntries(entries)
}

function listContent(list: number): unknown[] {
  return findList('test', list)!.items.map(({ value, owned }) => {
    if (owned === 'map') return contentOf(value as number)
    return owned === 'list' ? listContent(value as number) : value
  })
}

/** A text that differs where type, sign or names differ, but not their order; -0 is 0 in JSON. */
function describe(one: unknown): string {
  if (Array.isArray(one)) return `[${one.map(describe).join(',')}]`
  if (typeof one !== 'object' || one === null) return `${typeof one} ${String(one)}`
  const members = Object.entries(one).map(([key, member]) => `${key}:${describe(member)}`)
  return `{${members.toSorted().join(',')}}`
}
