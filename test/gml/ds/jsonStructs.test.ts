import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { BadMessageError } from '../../../src/errors/BadMessageError.ts'
import { json_parse, json_stringify } from '../../../src/gml/ds/jsonStructs.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { noHandles } from './dsHelpers.ts'

const nested = { list: [1, [2, { a: undefined }], {}] }

// A value, its JSON, and what that is read back as.
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
  ['an int64 that a real holds', 5n, '5', 5],
  ['int64', 2n ** 53n + 1n, '"@i64@20000000000001$i64$"', 2n ** 53n + 1n],
  ['a negative int64', -(2n ** 53n) - 1n, '"@i64@ffdfffffffffffff$i64$"', -(2n ** 53n) - 1n],
  ['array', [1, [undefined, 'a']], '[1,[null,"a"]]', [1, [undefined, 'a']]],
  ['struct', nested, '{"list":[1,[2,{"a":null}],{}]}', nested],
  ['half a surrogate pair', '\ud800', '"\\ud800"', '\ud800'],
]

const notJson: [name: string, text: string][] = [
  ['nothing', ''],
  ['half an object', '{"a":'],
  ['a comma too many', '[1,]'],
  ['a word', 'nonsense'],
  ['two values', '{}{}'],
  ['a NUL', '{"a":1}\0'],
  ['100000 arrays that are open', '['.repeat(100_000)],
]

function endless(): unknown {
  return [1]
}

function fail(): never {
  throw new RangeError('mine')
}

function arrays(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

spec('json_stringify and json_parse', (it) => {
  for (const [name, value, json, back] of conversions)
    it(`convert: ${name}`, () => {
      assert.is(json_stringify(value), json)
      assert.equal(json_parse(json), back)
      assert.is(json_stringify({ a: [value] }), `{"a":[${json}]}`)
      assert.equal(json_parse(`{"a":[${json}]}`), { a: [back] })
    })

  it('give every value back with its type', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 8 })
      .map((drawn) => drawn.replaceAll('\0', ''))
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.double({ noNaN: true }).map((drawn) => drawn + 0),
        fc.boolean(),
        text,
        fc.bigInt({ min: 2n ** 54n, max: 2n ** 62n }).map((drawn) => drawn | 1n),
        fc.constant(undefined),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(text, fc.constant('__proto__')), tie('value'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(value, (one) => {
        assert.is(shown(json_parse(json_stringify(one))), shown(one))
        assert.is(shown(json_parse(json_stringify(one, true))), shown(one))
      }),
      { numRuns: 500 },
    )
  })
})

/** Compares `__proto__` too. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(',')}]`
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`
  const members = Object.entries(value).map(([name, member]) => `${name}:${shown(member)}`)
  return `{${members.join(',')}}`
}

spec('json_stringify', (it) => {
  it('leaves a struct without its functions', () => {
    const struct = { a: 1, add: () => 2, b: [() => 3] }
    assert.is(json_stringify(struct), '{"a":1,"b":[null]}')
    assert.is(
      json_stringify(() => 1),
      'null',
    )
    assert.is(json_stringify([Symbol('none')]), '[null]')
  })

  it('breaks and indents lines if asked to', () => {
    const pretty = '{\n  "a": [\n    1,\n    {}\n  ]\n}'
    assert.is(json_stringify({ a: [1, {}] }, true), pretty)
    assert.is(json_stringify({ a: [1, {}] }, 1), pretty)
    assert.is(json_stringify({ a: [1, {}] }, 0.5), '{"a":[1,{}]}')
  })

  it('writes null for what is inside itself', () => {
    const struct: Record<string, unknown> = { a: 1 }
    struct['self'] = struct
    struct['list'] = [struct]
    assert.is(json_stringify(struct), '{"a":1,"self":null,"list":[null]}')
    const twice = { b: 2 }
    assert.is(json_stringify([twice, twice]), '[{"b":2},{"b":2}]')
  })

  it('writes what the filter returns, from the outside in', () => {
    const seen: unknown[] = []
    const json = json_stringify({ x: 5.6, list: [1.2, undefined] }, false, (key, value) => {
      seen.push(key)
      if (typeof value === 'number') return Math.round(value)
      return value === undefined ? { none: 0.4 } : value
    })
    assert.is(json, '{"x":6,"list":[1,{"none":0}]}')
    assert.equal(seen, ['', 'x', 'list', 0, 1, 'none'])
    assert.is(
      json_stringify([1], false, () => undefined),
      'null',
    )
    assert.is(
      json_stringify({ a: 1, b: 2 }, false, (key, value) => (key === 'a' ? noHandles.at : value)),
      '{"b":2}',
    )
  })

  it('writes a hole of an array as null', () => {
    const holes: unknown[] = []
    holes[1] = 1
    assert.is(json_stringify(holes), '[null,1]')
  })

  it('refuses what cannot be written', () => {
    let deep: unknown[] = []
    for (let i = 1; i < 128; i++) deep = [deep]
    assert.is(json_stringify(deep), arrays(128))
    throwsError(() => json_stringify([deep]), 'RangeError', 'json_stringify: ', '128')
    throwsError(() => json_stringify([2n ** 64n]), 'RangeError', 'json_stringify: ', '64 bits')
    const twins = { 'a\0b': 1, 'a\0c': 2 }
    throwsError(() => json_stringify(twins), 'RangeError', 'json_stringify: two names', '"a"')
    throwsError(() => json_stringify(1, false, endless), 'RangeError', 'json_stringify: ', '128')
  })

  it('throws what the filter throws', () => {
    throwsError(() => json_stringify({}, false, fail), 'RangeError', 'mine')
    for (const value of [null, 5, 'text', {}])
      throwsError(
        () => json_stringify({}, false, wrong(value)),
        'TypeError',
        'json_stringify: filter_func must be a function',
      )
  })
})

spec('json_parse', (it) => {
  it('takes what the filter returns, from the inside out', () => {
    const seen: [unknown, unknown][] = []
    const text = '{"prices":[2,null,"@@nan$$"],"name":"a"}'
    const value = json_parse(text, (key, one) => {
      seen.push([key, one])
      return typeof one === 'number' ? one * 1000 : one
    })
    assert.equal(value, { prices: [2000, undefined, Number.NaN], name: 'a' })
    assert.equal(
      seen.map(([key]) => key),
      [0, 1, 2, 'prices', 'name', ''],
    )
    assert.equal(seen[3], ['prices', [2000, undefined, Number.NaN]])
    assert.is(
      json_parse('{"a":1}', (key) => (key === '' ? 'all' : 0)),
      'all',
    )
    assert.equal(
      json_parse('{"a":1}', (key, one) => (key === 'a' ? undefined : one)),
      { a: undefined },
    )
  })

  it('leaves strings as they are if asked to', () => {
    const text = '["@@nan$$","@@infinity$$","@i64@20000000000001$i64$","1"]'
    for (const inhibit of [true, 1])
      assert.equal(json_parse(text, undefined, inhibit), [
        '@@nan$$',
        '@@infinity$$',
        '@i64@20000000000001$i64$',
        '1',
      ])
    assert.equal(json_parse(text), [Number.NaN, Infinity, 2n ** 53n + 1n, '1'])
  })

  it('leaves strings that only resemble the texts for numbers', () => {
    const texts = [
      '@@nan$$ ',
      '@@NaN$$',
      '@i64@$i64$',
      '@i64@10000000000000000$i64$',
      'a@i64@1$i64$',
    ]
    assert.equal(json_parse(JSON.stringify(texts)), texts)
  })

  it('takes __proto__ and the like as names like any other', () => {
    const text =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":2}'
    const value = json_parse(text)
    assert.is(Object.getPrototypeOf(value), Object.prototype)
    assert.equal(Object.keys(value), ['__proto__', 'constructor', 'toString'])
    assert.is(value.polluted, undefined)
    assert.is(({} as Record<string, unknown>)['polluted'], undefined)
    assert.is(json_stringify(value), text)
    const same = json_parse('{"__proto__":1,"__proto__":null}', (_, one) => one)
    assert.equal(Object.entries(same), [['__proto__', undefined]])
  })

  it('ends names at their first NUL, so that what was read can be written', () => {
    const value = json_parse('{"a\\u0000b":1,"a\\u0000c":2,"\\u0000":3}')
    assert.equal(value, { a: 2, '': 3 })
    assert.is(json_stringify(value), '{"a":2,"":3}')
  })

  for (const [name, text] of notJson)
    it(`throws a BadMessageError for what is no JSON: ${name}`, () => {
      throwsError(() => json_parse(text), 'BadMessageError', 'json_parse: json must be JSON')
    })

  it('throws a BadMessageError for what is nested too deep', () => {
    assert.is(json_stringify(json_parse(arrays(128))), arrays(128))
    for (const text of [
      arrays(129),
      arrays(100_000),
      '{"a":'.repeat(129) + '1' + '}'.repeat(129),
      `[1,"a",{"b":${arrays(127)}}]`,
    ])
      throwsError(() => json_parse(text), 'BadMessageError', 'json_parse: more than 128')
  })

  it('throws a TypeError for what is no text, and what is no function', () => {
    for (const value of noHandles)
      if (typeof value !== 'string')
        throwsError(
          () => json_parse(wrong(value)),
          'TypeError',
          'json_parse: json must be a string',
        )
    for (const value of [null, 5, 'text', {}])
      throwsError(
        () => json_parse('1', wrong(value)),
        'TypeError',
        'json_parse: filter_func must be a function',
      )
  })

  it('throws nothing else for any text', () => {
    const piece = fc.constantFrom(
      ...'{ } [ ] : , " \\ 0 1 9 . e E + - t f n'.split(' '),
      '"a":',
      'null',
      '\\u0000',
      '"@@nan$$"',
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.array(piece).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        try {
          // Also that what was read can be written.
          json_stringify(json_parse(text))
        } catch (error) {
          assert.instance(error, BadMessageError)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
