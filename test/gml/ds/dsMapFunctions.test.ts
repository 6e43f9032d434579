import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { ds_type_list, ds_type_map } from '../../../src/gml/constants.ts'
import { ds_exists } from '../../../src/gml/ds/dsExists.ts'
import { addMap, findMap, removeMap } from '../../../src/gml/ds/dsHandles.ts'
import { ds_list_destroy } from '../../../src/gml/ds/dsListFunctions.ts'
import {
  ds_map_add,
  ds_map_clear,
  ds_map_copy,
  ds_map_create,
  ds_map_delete,
  ds_map_destroy,
  ds_map_empty,
  ds_map_exists,
  ds_map_find_first,
  ds_map_find_last,
  ds_map_find_next,
  ds_map_find_previous,
  ds_map_find_value,
  ds_map_keys_to_array,
  ds_map_replace,
  ds_map_set,
  ds_map_size,
  ds_map_values_to_array,
} from '../../../src/gml/ds/dsMapFunctions.ts'
import { ds_map_read, ds_map_write } from '../../../src/gml/ds/dsMapText.ts'
import { json_encode } from '../../../src/gml/ds/jsonFunctions.ts'
import { createDsMap } from '../../../src/gml/ds/structures/DsMap.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { type Call, checkUnknown, mapOf, noHandles, uniqueList, uniqueMap } from './dsHelpers.ts'
import { withSetting } from '../withSetting.ts'

const calls: Call[] = [
  ['ds_map_destroy', (id) => ds_map_destroy(id), undefined],
  ['ds_map_exists', (id) => ds_map_exists(id, 'a'), false],
  ['ds_map_add', (id) => ds_map_add(id, 'a', 1), false],
  ['ds_map_set', (id) => ds_map_set(id, 'a', 1), undefined],
  ['ds_map_replace', (id) => ds_map_replace(id, 'a', 1), false],
  ['ds_map_delete', (id) => ds_map_delete(id, 'a'), undefined],
  ['ds_map_clear', (id) => ds_map_clear(id), undefined],
  ['ds_map_copy', (id) => ds_map_copy(id, full), undefined],
  ['ds_map_size', (id) => ds_map_size(id), 0],
  ['ds_map_empty', (id) => ds_map_empty(id), false],
  ['ds_map_find_value', (id) => ds_map_find_value(id, 'a'), undefined],
  ['ds_map_find_first', (id) => ds_map_find_first(id), undefined],
  ['ds_map_find_last', (id) => ds_map_find_last(id), undefined],
  ['ds_map_find_next', (id) => ds_map_find_next(id, 'a'), undefined],
  ['ds_map_find_previous', (id) => ds_map_find_previous(id, 'a'), undefined],
  ['ds_map_keys_to_array', (id) => ds_map_keys_to_array(id), []],
  ['ds_map_values_to_array', (id) => ds_map_values_to_array(id), []],
]

const reads = [
  'ds_map_exists',
  'ds_map_size',
  'ds_map_empty',
  'ds_map_find_value',
  'ds_map_find_first',
  'ds_map_find_last',
  'ds_map_find_next',
  'ds_map_find_previous',
  'ds_map_keys_to_array',
  'ds_map_values_to_array',
]

const full = mapOf(['a', 1], ['b', 2])

spec('ds_map', (it) => {
  it('M17: ds_map_add fails for a key that is there', () => {
    const map = ds_map_create()
    assert.is(ds_map_add(map, 'a', 1), true)
    assert.is(ds_map_add(map, 'a', 2), false)
    assert.is(ds_map_find_value(map, 'a'), 1)
  })

  it('M18: ds_map_replace tells whether the key was there, and sets it either way', () => {
    const map = ds_map_create()
    assert.is(ds_map_replace(map, 'a', 1), false)
    assert.is(ds_map_replace(map, 'a', 2), true)
    assert.is(ds_map_find_value(map, 'a'), 2)
    ds_map_set(map, 'b', undefined)
    assert.is(ds_map_replace(map, 'b', 3), true)
  })

  it('M19: ds_map_find_value of a missing key is undefined', () => {
    assert.is(ds_map_find_value(full, 'c'), undefined)
    assert.is(ds_map_find_value(full, 'toString'), undefined)
    assert.is(ds_map_exists(full, '__proto__'), false)
  })

  it('M20: arrays of keys and values are appended to the one that is given', () => {
    const map = mapOf(['a', 'x'])
    const array: unknown[] = [9]
    assert.is(ds_map_keys_to_array(map, array), array)
    assert.equal(array, [9, 'a'])
    assert.is(ds_map_values_to_array(map, array), array)
    assert.equal(array, [9, 'a', 'x'])
    assert.equal(ds_map_keys_to_array(full), ['a', 'b'])
    assert.equal(ds_map_values_to_array(full), [1, 2])
    for (const run of [ds_map_keys_to_array, ds_map_values_to_array])
      for (const value of [null, {}, 'ab', 1])
        throwsError(() => run(map, wrong(value)), 'TypeError', `${run.name}: array must be`)
  })

  it('M21: ds_map_copy leaves only the keys of the source', () => {
    const map = mapOf(['gone', 1], ['a', 5])
    ds_map_copy(map, full)
    assert.equal(ds_map_keys_to_array(map), ['a', 'b'])
    assert.equal(ds_map_values_to_array(map), [1, 2])
    ds_map_set(map, 'c', 3)
    assert.is(ds_map_size(full), 2)
  })

  it('ds_map_copy changes nothing if there is no source', () => {
    const map = mapOf(['a', 1])
    ds_map_copy(map, -1)
    ds_map_copy(map, 1e9)
    assert.is(ds_map_size(map), 1)
    ds_map_copy(map, map)
    assert.is(ds_map_find_value(map, 'a'), 1)
    for (const value of noHandles)
      throwsError(() => ds_map_copy(map, wrong(value)), 'TypeError', 'ds_map_copy: ')
    withSetting('unknown_structure', 'error', () => {
      throwsError(() => ds_map_copy(map, 1e9), 'RangeError', 'ds_map_copy: there is no ds_map')
      ds_map_copy(map, -1)
    })
    assert.is(ds_map_size(map), 1)
  })

  it('creates, empties and destroys', () => {
    const map = ds_map_create()
    assert.is(ds_exists(map, ds_type_map), true)
    assert.is(ds_map_empty(map), true)
    ds_map_set(map, 'a', 1)
    assert.is(ds_map_empty(map), false)
    assert.is(ds_map_size(map), 1)
    ds_map_clear(map)
    assert.is(ds_map_empty(map), true)
    ds_map_destroy(map)
    assert.is(ds_exists(map, ds_type_map), false)
    assert.ok(ds_map_create() > map)
  })

  it('deletes a key, and nothing for one that is not there', () => {
    const map = mapOf(['a', 1], ['b', 2])
    ds_map_delete(map, 'a')
    ds_map_delete(map, 'a')
    ds_map_delete(map, undefined)
    assert.equal(ds_map_keys_to_array(map), ['b'])
  })

  it('walks in order of adding, both ways, and not on from a key that is not there', () => {
    const map = mapOf([5, 'number'], ['5', 'text'], ['z', 0], ['a', 0])
    ds_map_set(map, 5, 'again')
    const forward: unknown[] = []
    for (let key: unknown = ds_map_find_first(map); key !== undefined;) {
      forward.push(key)
      key = ds_map_find_next(map, key)
    }
    assert.equal(forward, [5, '5', 'z', 'a'])
    const backward: unknown[] = []
    for (let key: unknown = ds_map_find_last(map); key !== undefined;) {
      backward.push(key)
      key = ds_map_find_previous(map, key)
    }
    assert.equal(backward, ['a', 'z', '5', 5])
    assert.is(ds_map_find_next(map, 'b'), undefined)
    assert.is(ds_map_find_previous(map, 'b'), undefined)
  })

  it('takes keys of any type, arrays and structs by reference', () => {
    const array = [1]
    const struct = { x: 1 }
    const map = mapOf([5, 'number'], ['5', 'text'], [array, 'array'], [struct, 'struct'])
    ds_map_set(map, undefined, 'undefined')
    ds_map_set(map, Number.NaN, 'NaN')
    ds_map_set(map, 0, 'zero')
    const expected: [unknown, unknown][] = [
      [5, 'number'],
      ['5', 'text'],
      [5n, 'number'],
      [array, 'array'],
      [[1], undefined],
      [struct, 'struct'],
      [{ x: 1 }, undefined],
      [undefined, 'undefined'],
      [Number.NaN, 'NaN'],
      [-0, 'zero'],
      [null, undefined],
    ]
    for (const [key, value] of expected) assert.is(ds_map_find_value(map, key), value)
  })

  it('takes an int64 for the real that is equal to it, and keeps the key that was added', () => {
    const map = mapOf([5n, 'five'], [2 ** 60, 'exact'], [2n ** 60n + 1n, 'between'])
    assert.is(ds_map_find_value(map, 5), 'five')
    assert.is(ds_map_find_value(map, 2n ** 60n), 'exact')
    assert.is(ds_map_find_value(map, 2n ** 60n + 1n), 'between')
    assert.is(ds_map_find_value(map, 10n ** 400n), undefined)
    assert.is(ds_map_add(map, 5, 'again'), false)
    assert.is(ds_map_replace(map, 2n ** 60n, 'replaced'), true)
    assert.equal(ds_map_keys_to_array(map), [5n, 2 ** 60, 2n ** 60n + 1n])
    assert.is(ds_map_find_next(map, 5), 2 ** 60)
    ds_map_delete(map, 5)
    assert.is(ds_map_exists(map, 5n), false)
    assert.is(ds_map_find_first(map), 2 ** 60)
  })

  it('takes strings that are the same up to a NUL for one key, so that no text of the map loses one', () => {
    const map = mapOf(['a\0b', 1], ['a\0c', 2], ['\0', 3])
    assert.equal(ds_map_keys_to_array(map), ['a', ''])
    assert.is(ds_map_find_value(map, 'a'), 2)
    assert.is(ds_map_find_value(map, 'a\0'), 2)
    assert.is(ds_map_add(map, 'a', 4), false)
    assert.is(ds_map_replace(map, 'a\0d', 5), true)
    ds_map_delete(map, '\0x')
    assert.is(json_encode(map), '{"a":5}')
    const copy = ds_map_create()
    assert.ok(ds_map_read(copy, ds_map_write(map)))
    assert.is(json_encode(copy), '{"a":5}')
  })

  it('tells a value that is undefined from none', () => {
    const map = mapOf(['a', undefined])
    assert.is(ds_map_find_value(map, 'a'), undefined)
    assert.is(ds_map_exists(map, 'a'), true)
    assert.is(ds_map_exists(map, 'b'), false)
    assert.is(ds_map_add(map, 'a', 1), false)
  })

  it('does what a Map does', () => {
    const names = ['set', 'add', 'replace', 'delete', 'clear'] as const
    const step = fc.record({
      name: fc.constantFrom(...names, 'set', 'add', 'delete'),
      key: fc.oneof(fc.nat(4), fc.constantFrom('0', '1', undefined, null, true)),
      value: fc.anything(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (script) => {
        const map = ds_map_create()
        const model = new Map<unknown, unknown>()
        for (const { name, key, value } of script) {
          const isNew = !model.has(key)
          if (name === 'add') assert.is(ds_map_add(map, key, value), isNew)
          else if (name === 'replace') assert.is(ds_map_replace(map, key, value), !isNew)
          else if (name === 'set') ds_map_set(map, key, value)
          else if (name === 'delete') ds_map_delete(map, key)
          else ds_map_clear(map)
          if (name === 'set' || name === 'replace' || (name === 'add' && isNew))
            model.set(key, value)
          else if (name === 'delete') model.delete(key)
          else if (name === 'clear') model.clear()
          assert.is(ds_map_size(map), model.size)
          for (const [one, expected] of model)
            assert.ok(Object.is(ds_map_find_value(map, one), expected))
        }
        assert.equal(ds_map_keys_to_array(map), [...model.keys()])
        ds_map_destroy(map)
      }),
    )
  })

  it('answers for a map that does not exist as for an empty one, or throws if set so', () => {
    const stale = ds_map_create()
    ds_map_destroy(stale)
    checkUnknown(calls, reads, stale)
    assert.is(ds_map_size(full), 2)
    // What reading them finds is still empty.
    assert.is(ds_map_size(stale), 0)
  })

  it('does not take the handle of a list', () => {
    const list = uniqueList()
    assert.is(ds_map_add(list, 'a', 1), false)
    ds_map_destroy(list)
    assert.is(ds_exists(list, ds_type_list), true)
    ds_list_destroy(list)
  })
})

spec('ds_exists', (it) => {
  it('knows maps and lists, and nothing of the other kinds', () => {
    const map = uniqueMap()
    const list = uniqueList()
    const kinds = [0, 1, 2, 3, 4, 5, 6, 7, -1, Number.NaN]
    assert.equal(
      kinds.filter((kind) => ds_exists(map, kind)),
      [ds_type_map],
    )
    assert.equal(
      kinds.filter((kind) => ds_exists(list, kind)),
      [ds_type_list],
    )
    for (const id of [-1, 1e9, 0.5]) assert.is(ds_exists(id, ds_type_map), false)
    withSetting('unknown_structure', 'error', () => assert.is(ds_exists(1e9, ds_type_list), false))
    for (const value of noHandles)
      throwsError(() => ds_exists(wrong(value), ds_type_list), 'TypeError', 'ds_exists: ')
    throwsError(() => ds_exists(map, wrong('map')), 'TypeError', 'ds_exists: type')
  })
})

spec('structures', (it) => {
  it('are found by their handle until they are removed', () => {
    const map = createDsMap()
    const id = addMap(map)
    assert.is(findMap('test', id), map)
    assert.is(removeMap(id), true)
    assert.is(findMap('test', id), undefined)
    assert.is(removeMap(id), false)
    throwsError(() => findMap('test', wrong(undefined)), 'TypeError', 'test: ')
  })
})
