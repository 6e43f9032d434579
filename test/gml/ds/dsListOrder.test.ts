import { createWorld } from 'bitecs'
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { setNetworkConfig } from '../../../src/api/setNetworkConfig.ts'
import { gml_bind } from '../../../src/gml/binding.ts'
import { ds_list_create, ds_list_destroy } from '../../../src/gml/ds/dsListFunctions.ts'
import { ds_list_shuffle, ds_list_sort } from '../../../src/gml/ds/dsListOrder.ts'
import { spec } from '../../spec.ts'
import { checkUnknown, listOf, valuesOf } from './dsHelpers.ts'

function sorted(values: unknown[], isAscending: boolean): unknown[] {
  const list = listOf(...values)
  ds_list_sort(list, isAscending)
  return valuesOf(list)
}

/** A world whose random numbers are these, over and over, and which calls act on. */
function bindRandom(...numbers: number[]): void {
  const world = createWorld()
  let at = 0
  setNetworkConfig(world, { random: () => numbers[at++ % numbers.length]! })
  gml_bind(world)
}

const struct = {}
const array: unknown[] = []

spec('ds_list_sort', (it) => {
  it('sorts numbers by size, both ways', () => {
    const numbers = [10, -1, 9, 0.5, Infinity, -Infinity, 1e300]
    const ascending = [-Infinity, -1, 0.5, 9, 10, 1e300, Infinity]
    assert.equal(sorted(numbers, true), ascending)
    assert.equal(sorted(numbers, false), ascending.toReversed())
  })

  it('sorts strings by their characters', () => {
    assert.equal(sorted(['b', 'a', '', 'B', 'ab', '10', '9'], true), [
      '',
      '10',
      '9',
      'B',
      'a',
      'ab',
      'b',
    ])
    assert.equal(sorted(['a', 'c', 'b'], false), ['c', 'b', 'a'])
  })

  it('puts numbers before strings, and undefined last in both directions', () => {
    const values = [undefined, 'a', 5, struct, '1', undefined, Number.NaN, 3]
    assert.equal(sorted(values, true), [3, 5, Number.NaN, '1', 'a', struct, undefined, undefined])
    assert.equal(sorted(values, false), [struct, 'a', '1', Number.NaN, 5, 3, undefined, undefined])
  })

  it('sorts booleans and bigints among numbers', () => {
    const values = [2, true, 2n ** 60n + 1n, 2 ** 60, false, 0.5, -3n, 1.5]
    const ascending = [-3n, false, 0.5, true, 1.5, 2, 2 ** 60, 2n ** 60n + 1n]
    assert.equal(sorted(values, true), ascending)
    assert.equal(sorted(values, false), ascending.toReversed())
  })

  it('keeps the order of what is equal', () => {
    const values = [struct, 1n, null, 1, true, array]
    assert.equal(sorted(values, true), [1n, 1, true, struct, null, array])
    assert.equal(sorted(values, false), [struct, null, array, 1n, 1, true])
    assert.equal(sorted(['a\0b', 'a', 'a\0a'], true), ['a\0b', 'a', 'a\0a'])
  })

  it('takes what GameMaker takes for true', () => {
    for (const [ascend, first] of [
      [1, 1],
      [0.6, 1],
      [0.5, 2],
      [0, 2],
      [-1, 2],
    ] as const) {
      const list = listOf(1, 2)
      ds_list_sort(list, ascend)
      assert.is(valuesOf(list)[0], first)
    }
  })

  it('gives one order for whatever order there was', () => {
    const value = fc.oneof(
      fc.double(),
      fc.integer({ min: -3, max: 3 }),
      fc.bigInt({ min: -3n, max: 3n }),
      fc.string({ maxLength: 2 }),
      fc.constantFrom(undefined, true, false),
    )
    fc.assert(
      fc.property(fc.array(value, { maxLength: 12 }), fc.boolean(), (values, isAscending) => {
        const once = sorted(values, isAscending).map(asCompared)
        assert.equal(sorted(values.toReversed(), isAscending).map(asCompared), once)
        assert.equal(sorted(sorted(values, !isAscending), isAscending).map(asCompared), once)
      }),
    )
  })
})

/** What sorting sees of a value. */
function asCompared(value: unknown): unknown {
  const isNumber = typeof value === 'bigint' || typeof value === 'boolean'
  return isNumber || value === 0 ? Number(value) + 0 : value
}

spec('ds_list_shuffle', (it) => {
  it('takes its random numbers from the world', () => {
    const list = listOf('a', 'b', 'c', 'd')
    bindRandom(0)
    ds_list_shuffle(list)
    assert.equal(valuesOf(list), ['b', 'c', 'd', 'a'])
    bindRandom(0.999)
    ds_list_shuffle(list)
    assert.equal(valuesOf(list), ['b', 'c', 'd', 'a'])
    bindRandom(0.5, 0)
    ds_list_shuffle(list)
    assert.equal(valuesOf(list), ['a', 'c', 'b', 'd'])
  })

  it('makes every order equally likely', () => {
    const seen = new Map<string, number>()
    for (const first of [0, 1, 2])
      for (const second of [0, 1]) {
        const list = listOf('a', 'b', 'c')
        bindRandom((first + 0.5) / 3, (second + 0.5) / 2)
        ds_list_shuffle(list)
        const order = valuesOf(list).join('')
        seen.set(order, (seen.get(order) ?? 0) + 1)
      }
    assert.equal([...seen.keys()].toSorted(), ['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
  })

  it('keeps the values whatever the random numbers are', () => {
    for (const number of [Number.NaN, 1, -1, 5, Infinity]) {
      bindRandom(number)
      const list = listOf(1, 2, 3)
      ds_list_shuffle(list)
      assert.equal(new Set(valuesOf(list)), new Set([1, 2, 3]))
    }
  })

  it('leaves a short list as it is', () => {
    bindRandom(0)
    for (const values of [[], ['a']]) {
      const list = listOf(...values)
      ds_list_shuffle(list)
      assert.equal(valuesOf(list), values)
    }
  })
})

spec('ds_list_sort and ds_list_shuffle', (it) => {
  it('do nothing without a list, or throw if set so', () => {
    const stale = ds_list_create()
    ds_list_destroy(stale)
    checkUnknown(
      [
        ['ds_list_sort', (id) => ds_list_sort(id, true), undefined],
        ['ds_list_shuffle', (id) => ds_list_shuffle(id), undefined],
      ],
      [],
      stale,
    )
  })
})
