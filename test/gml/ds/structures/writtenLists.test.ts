import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { addItem, createDsList, type DsList } from '../../../../src/gml/ds/structures/DsList.ts'
import { readDsList } from '../../../../src/gml/ds/structures/readDsList.ts'
import { writeDsList } from '../../../../src/gml/ds/structures/writeDsList.ts'
import { spec } from '../../../spec.ts'

// Put together by hand from the table in writtenTypes.ts; test/gml/ds/dsListText.test.ts has GameMaker's own.
const golden: [name: string, values: unknown[], text: string][] = [
  ['empty', [], '2F01000000000000'],
  ['real', [-2.5], '2F01000001000000 0000000000000000000004C0'],
  ['string', ['é😀'], '2F01000001000000 0100000006000000C3A9F09F9880'],
  ['types', [true, undefined, null], '2F01000003000000 0D000000000000000000F03F 05000000 0C000000'],
  ['int64', [-2n], '2F01000001000000 0A000000FEFFFFFFFFFFFFFF'],
  ['array', [[null]], '2F01000001000000 0200000001000000 0C000000'],
]

const malformed: [name: string, text: string][] = [
  ['nothing', ''],
  ['no hex', 'zz01000000000000'],
  ['the version of a map', '9301000000000000'],
  ['an older version', '2D01000000000000'],
  ['no count', '2F010000'],
  ['a count that is too high', '2F01000001000000'],
  ['a count that is far too high', '2F010000FFFFFFFF'],
  ['bytes behind the end', '2F0100000000000000'],
  ['a string that is far too long', '2F01000001000000 01000000FFFFFFFF'],
  ['an array that is far too long', '2F01000001000000 02000000FFFFFFFF'],
  ['129 arrays inside each other', `2F01000001000000 ${'0200000001000000'.repeat(129)} 05000000`],
  ['100000 arrays', `2F01000001000000 ${'0200000001000000'.repeat(100_000)} 05000000`],
]

spec('written lists', (it) => {
  for (const [name, values, text] of golden)
    it(`are these bytes, both ways: ${name}`, () => {
      assert.is(writeDsList('test', listOf(values)), hex(text))
      same(readDsList(hex(text)), values)
      same(readDsList(hex(text).toLowerCase()), values)
    })

  it('are read in version 302, whose arrays have rows', () => {
    const one = '0200000001000000 02000000 05000000 0C000000'
    const two = '0200000002000000 00000000 01000000 05000000'
    same(readDsList(hex(`2E01000002000000 ${one} ${two}`)), [
      [undefined, null],
      [[], [undefined]],
    ])
  })

  for (const [name, text] of malformed)
    it(`are refused when malformed: ${name}`, () => {
      assert.is(readDsList(hex(text)), undefined)
    })

  it('give every value back with its type', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), (values) => {
        const text = writeDsList('test', listOf(values))
        assert.match(text, /^[0-9A-F]*$/)
        same(readDsList(text), values)
      }),
      { numRuns: 500 },
    )
  })

  it('never throw when they are any text, or one that was changed', () => {
    const written = fc
      .array(value, { maxLength: 5 })
      .map((values) => writeDsList('test', listOf(values)))
    const changes = fc.array(fc.tuple(fc.nat(400), fc.constantFrom('0', '1', '2', '5', 'D', 'F')))
    fc.assert(
      fc.property(written, changes, fc.nat(800), fc.string(), (text, changed, length, other) => {
        const digits = text.split('')
        for (const [at, digit] of changed) digits[at % digits.length] = digit
        readDsList(digits.slice(0, length).join(''))
        readDsList(other)
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

function listOf(values: readonly unknown[]): DsList {
  const list = createDsList()
  for (const one of values) addItem(list, one)
  return list
}

/** Asserts that a list holds these values, arrays and structs by content, each with its type and sign. */
function same(actual: DsList | undefined, expected: unknown[]): void {
  assert.ok(actual)
  assert.is(describe(actual.items.map((item) => item.value)), describe(expected))
}

function describe(one: unknown): string {
  if (Array.isArray(one)) return `[${one.map(describe).join(',')}]`
  if (Object.is(one, -0)) return '-0'
  if (typeof one !== 'object' || one === null) return `${typeof one} ${String(one)}`
  const members = Object.entries(one).map(([name, member]) => `${name}:${describe(member)}`)
  return `{${members.join(',')}}`
}
