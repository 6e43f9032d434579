import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { createDsMap, type DsMap, setEntry } from '../../../../src/gml/ds/structures/DsMap.ts'
import { readDsMap } from '../../../../src/gml/ds/structures/readDsMap.ts'
import { writeDsMap } from '../../../../src/gml/ds/structures/writeDsMap.ts'
import { throwsError } from '../../../buffer/helpers.ts'
import { spec } from '../../../spec.ts'

// The first is GameMaker's own: its test framework holds native runners to it (BasicDataStructuresMapTestSuite, a map
// with one owned map whose handle is 1). The others are put together by hand from the table in writtenTypes.ts.
const golden: [name: string, entries: [unknown, unknown][], text: string][] = [
  ['GameMaker', [['Map', 1]], '930100000100000001000000030000004D617000000000000000000000F03F'],
  ['empty', [], '9301000000000000'],
  ['byte order mark', [[null, '\uFEFFa']], '9301000001000000 0C000000 0100000004000000EFBBBF61'],
  ['real', [[5, -2.5]], '9301000001000000 000000000000000000001440 0000000000000000000004C0'],
  [
    'string',
    [['', 'é€😀']],
    '9301000001000000 0100000000000000 0100000009000000C3A9E282ACF09F9880',
  ],
  ['bool', [[true, false]], '9301000001000000 0D000000000000000000F03F 0D0000000000000000000000'],
  ['undefined', [[undefined, null]], '9301000001000000 05000000 0C000000'],
  [
    'int64',
    [[-2n, 2n ** 62n]],
    '9301000001000000 0A000000FEFFFFFFFFFFFFFF 0A0000000000000000000040',
  ],
  ['u64', [['', 2n ** 63n]], '9301000001000000 0100000000000000 E80300000000000000000080'],
  [
    'array',
    [['', [1, []]]],
    '9301000001000000 0100000000000000 0200000002000000 00000000000000000000F03F 0200000000000000',
  ],
  [
    'struct',
    [['', { x: true }]],
    '9301000001000000 0100000000000000 E903000001000000 0100000078 0D000000000000000000F03F',
  ],
]

// What only other runners write.
const readOnly: [name: string, text: string, value: unknown][] = [
  ['int32', '0700000085FFFFFF', -123],
  ['pointer', '030000000100000000000000', 1n],
  ['lower case', '0a000000ffffffffffffffff', -1n],
]

const malformed: [name: string, text: string][] = [
  ['nothing', ''],
  ['no hex', 'zz01000000000000'],
  ['half a byte', '930100000000000'],
  ['half a byte behind the end', '93010000000000000'],
  ['JSON', '{"a":1}'],
  ['another version', '9401000000000000'],
  ['no count', '93010000'],
  ['a count that is too high', '9301000001000000'],
  ['a count that is far too high', '93010000FFFFFFFF'],
  ['a key without a value', '9301000001000000 05000000'],
  ['bytes behind the end', '930100000000000000'],
  ['an unknown type', '9301000001000000 05000000 06000000'],
  ['a real that is cut', '9301000001000000 05000000 0000000000000000'],
  ['a string that is cut', '9301000001000000 05000000 010000000200000061'],
  ['a string that is far too long', '9301000001000000 05000000 01000000FFFFFFFF'],
  ['an array that is cut', '9301000001000000 05000000 020000000200000005000000'],
  ['an array that is far too long', '9301000001000000 05000000 02000000FFFFFFFF'],
  ['a struct that is far too long', '9301000001000000 05000000 E9030000FFFFFFFF'],
]

spec('written maps', (it) => {
  for (const [name, entries, text] of golden)
    it(`are GameMaker's bytes, both ways: ${name}`, () => {
      assert.is(writeDsMap('test', mapOf(entries)), hex(text))
      same(readDsMap(hex(text)), mapOf(entries))
    })

  for (const [name, written, value] of readOnly)
    it(`are read when another runner wrote them: ${name}`, () => {
      same(readDsMap(hex(`9301000001000000 05000000 ${written}`)), mapOf([[undefined, value]]))
    })

  it('are read in version 402, whose arrays have rows', () => {
    const one = '0200000001000000 02000000 05000000 0C000000'
    const two = '0200000002000000 00000000 01000000 05000000'
    const none = '0200000000000000'
    const text = `9201000003000000 05000000 ${one} 0C000000 ${two} 07000000 01000000 ${none}`
    const entries: [unknown, unknown][] = [
      [undefined, [undefined, null]],
      [null, [[], [undefined]]],
      [1, []],
    ]
    same(readDsMap(hex(text)), mapOf(entries))
  })

  it('keep the first of two equal keys', () => {
    const text = '9301000002000000 0C00000005000000 0C0000000C000000'
    same(readDsMap(hex(text)), mapOf([[null, undefined]]))
  })

  for (const [name, text] of malformed)
    it(`are refused when malformed: ${name}`, () => {
      assert.is(readDsMap(hex(text)), undefined)
    })

  for (const sign of ['G', 'g', '/', ':', '@', '`', '-', '\u0141', '\u0121', ' '])
    it(`are refused with a sign that is no hex digit: ${JSON.stringify(sign)}`, () => {
      const text = '93010000010000000500000000000000000000000000004?'
      assert.ok(readDsMap(text.replace('?', '0')))
      assert.is(readDsMap(text.replace('?', sign)), undefined)
    })

  it('have 128 arrays inside each other at most', () => {
    const text = writeDsMap('test', mapOf([['', nested(128)]]))
    same(readDsMap(text), mapOf([['', nested(128)]]))
    throwsError(() => writeDsMap('here', mapOf([['', nested(129)]])), 'RangeError', 'here:', '128')
    assert.ok(readDsMap(`${opened(128)}05000000`))
    assert.is(readDsMap(`${opened(128)}0200000000000000`), undefined)
    assert.is(readDsMap(`${opened(100_000)}05000000`), undefined)
  })

  it('do not take arrays and structs that contain themselves', () => {
    const loop: unknown[] = []
    loop.push([loop])
    const struct: Record<string, unknown> = {}
    struct['self'] = struct
    const message = 'contains itself'
    throwsError(() => writeDsMap('here', mapOf([[loop, 1]])), 'RangeError', 'here:', message)
    throwsError(() => writeDsMap('here', mapOf([[1, struct]])), 'RangeError', 'here:', message)
    const twice = ['a']
    same(readDsMap(writeDsMap('test', mapOf([[1, [twice, twice]]]))), mapOf([[1, [['a'], ['a']]]]))
  })

  it('do not take a bigint above 64 bits', () => {
    for (const wide of [2n ** 64n, -(2n ** 63n) - 1n])
      throwsError(() => writeDsMap('here', mapOf([[1, wide]])), 'RangeError', 'here:', '64 bits')
  })

  it('keep halves of surrogate pairs, as three bytes, and join halves that belong together', () => {
    const entries: [unknown, unknown][] = [
      ['\ud800', '\udfff'],
      ['\ud801', 'a\udc00\ud800z'],
      ['\u{1f600}', '\ud7ff\ue000'],
    ]
    const text = writeDsMap('test', mapOf(entries))
    assert.ok(text.includes('03000000EDA080'))
    assert.ok(text.includes('04000000F09F9880'))
    same(readDsMap(text), mapOf(entries))
    // As the HTML5 runner writes an emoji.
    const pair = `9301000001000000 01000000 06000000 EDA0BDEDB880 05000000`
    same(readDsMap(hex(pair)), mapOf([['\u{1f600}', undefined]]))
    // Cut ones are not surrogates.
    const cut = `9301000001000000 01000000 02000000 EDA0 05000000`
    same(readDsMap(hex(cut)), mapOf([['\ufffd\ufffd', undefined]]))
  })

  it('have texts up to a NUL, where those of GameMaker end', () => {
    const text = writeDsMap('test', mapOf([['key\0', ['a\0b', { 'name\0': '\0' }]]]))
    same(readDsMap(text), mapOf([['key', ['a', { name: '' }]]]))
  })

  it('merge no two names of a struct: that throws', () => {
    const twins = { 'a\0b': 1, 'a\0c': 2 }
    for (const value of [twins, [twins], { inner: twins }])
      throwsError(
        () => writeDsMap('test', mapOf([['key', value]])),
        'RangeError',
        'two names',
        '"a"',
      )
  })

  it('have undefined for functions and symbols', () => {
    const text = writeDsMap('test', mapOf([[nested, Symbol('none')]]))
    same(readDsMap(text), mapOf([[undefined, undefined]]))
  })

  it('give every key and value back with its type', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 20 }), (entries) => {
        const map = mapOf(entries)
        const text = writeDsMap('test', map)
        assert.match(text, /^[0-9A-F]*$/)
        same(readDsMap(text), map)
      }),
      { numRuns: 500 },
    )
  })

  it('never throw when they are any text, or one that was changed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        readDsMap(text)
      }),
    )
    const written = fc
      .array(fc.tuple(value, value), { maxLength: 5 })
      .map((entries) => writeDsMap('test', mapOf(entries)))
    const changes = fc.array(
      fc.tuple(fc.nat(400), fc.constantFrom('0', '1', '2', '3', '5', '7', 'A', 'D', 'E', 'F')),
    )
    fc.assert(
      fc.property(written, changes, fc.nat(800), (text, changed, length) => {
        const digits = text.split('')
        for (const [at, digit] of changed) digits[at % digits.length] = digit
        readDsMap(digits.slice(0, length).join(''))
      }),
      { numRuns: 1000 },
    )
  })
})

const text = fc.string({ unit: 'binary', maxLength: 8 }).map((drawn) => drawn.replaceAll('\0', ''))

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.double(),
    fc.integer(),
    text,
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.constantFrom(undefined, null, '__proto__', -0),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(text, fc.constant('__proto__')), tie('value'), { maxKeys: 4 }),
  ),
}))

/** Spaces only part the bytes for the eye. */
function hex(text: string): string {
  return text.replaceAll(' ', '')
}

function mapOf(entries: [unknown, unknown][]): DsMap {
  const map = createDsMap()
  for (const [key, one] of entries) setEntry(map, key, one)
  return map
}

/** Asserts that two maps hold the same, arrays and structs by content. Looks at each value's type and sign too. */
function same(actual: DsMap | undefined, expected: DsMap): void {
  assert.ok(actual)
  assert.is(shown([...actual.entries.values()]), shown([...expected.entries.values()]))
}

function shown(entries: { key: unknown; value: unknown; owned: unknown }[]): string {
  return entries.map((entry) => `${describe(entry.key)}=${describe(entry.value)}`).join(', ')
}

function describe(one: unknown): string {
  if (Array.isArray(one)) return `[${one.map(describe).join(',')}]`
  if (Object.is(one, -0)) return '-0'
  if (typeof one !== 'object' || one === null) return `${typeof one} ${String(one)}`
  const members = Object.entries(one).map(([name, member]) => `${name}:${describe(member)}`)
  return `{${members.join(',')}}`
}

function nested(depth: number): unknown[] {
  let array: unknown[] = []
  for (let i = 1; i < depth; i++) array = [array]
  return array
}

/** The text of a map whose value begins with this many arrays inside each other. */
function opened(depth: number): string {
  return hex(`9301000001000000 05000000 ${'0200000001000000'.repeat(depth)}`)
}
