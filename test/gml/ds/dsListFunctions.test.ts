import * as assert from 'uvu/assert'
import { ds_type_list } from '../../../src/gml/constants.ts'
import { ds_exists } from '../../../src/gml/ds/dsExists.ts'
import {
  ds_list_add,
  ds_list_clear,
  ds_list_copy,
  ds_list_create,
  ds_list_delete,
  ds_list_destroy,
  ds_list_empty,
  ds_list_find_index,
  ds_list_find_value,
  ds_list_insert,
  ds_list_replace,
  ds_list_set,
  ds_list_size,
} from '../../../src/gml/ds/dsListFunctions.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { type Call, checkUnknown, listOf, noHandles, valuesOf } from './dsHelpers.ts'
import { withSetting } from '../withSetting.ts'

const calls: Call[] = [
  ['ds_list_destroy', (id) => ds_list_destroy(id), undefined],
  ['ds_list_add', (id) => ds_list_add(id, 1), undefined],
  ['ds_list_set', (id) => ds_list_set(id, 0, 1), undefined],
  ['ds_list_insert', (id) => ds_list_insert(id, 0, 1), undefined],
  ['ds_list_replace', (id) => ds_list_replace(id, 0, 1), undefined],
  ['ds_list_delete', (id) => ds_list_delete(id, 0), undefined],
  ['ds_list_empty', (id) => ds_list_empty(id), true],
  ['ds_list_size', (id) => ds_list_size(id), 0],
  ['ds_list_find_value', (id) => ds_list_find_value(id, 0), undefined],
  ['ds_list_find_index', (id) => ds_list_find_index(id, 0), -1],
  ['ds_list_clear', (id) => ds_list_clear(id), undefined],
  ['ds_list_copy', (id) => ds_list_copy(id, full), undefined],
]

const reads = ['ds_list_empty', 'ds_list_size', 'ds_list_find_value', 'ds_list_find_index']

const full = listOf(1, 'a', undefined)

spec('ds_list', (it) => {
  it('adds one value or several', () => {
    const list = ds_list_create()
    assert.is(ds_list_size(list), 0)
    ds_list_add(list, 71)
    ds_list_add(list, 77, 'b')
    ds_list_add(list)
    assert.equal(valuesOf(list), [71, 77, 'b'])
  })

  it('sets a value, with zeros before one behind the end', () => {
    const list = listOf(71, 77, 46)
    ds_list_set(list, 2, 33)
    ds_list_set(list, 0.9, 1)
    ds_list_set(list, -0.5, 2)
    ds_list_set(list, -1, 'no')
    assert.is(ds_list_find_value(list, -1), undefined)
    ds_list_set(list, 5, 'end')
    assert.equal(valuesOf(list), [2, 77, 33, 0, 0, 'end'])
  })

  it('refuses a position that would take all memory', () => {
    const list = listOf(1)
    for (const pos of [16_777_216, 2 ** 31, Infinity])
      throwsError(() => ds_list_set(list, pos, 1), 'RangeError', 'ds_list_set: pos', `got ${pos}`)
    ds_list_set(list, -Infinity, 1)
    assert.equal(valuesOf(list), [1])
  })

  it('is empty without values', () => {
    const list = listOf()
    assert.is(ds_list_empty(list), true)
    ds_list_add(list, undefined)
    assert.is(ds_list_empty(list), false)
  })

  it('inserts a value before those from its position on, and nothing outside', () => {
    const list = listOf('a', 'b')
    ds_list_insert(list, 1, 'between')
    ds_list_insert(list, 0, 'first')
    ds_list_insert(list, 4.9, 'last')
    for (const pos of [-1, 6, 2 ** 31, Infinity, -Infinity]) ds_list_insert(list, pos, 'no')
    assert.equal(valuesOf(list), ['first', 'a', 'between', 'b', 'last'])
    const empty = listOf()
    ds_list_insert(empty, 0, 1)
    assert.equal(valuesOf(empty), [1])
  })

  it('replaces a value, and throws outside', () => {
    const list = listOf('a', 'b')
    ds_list_replace(list, 1.9, undefined)
    ds_list_replace(list, -0.5, 'c')
    for (const pos of [-1, 2, 2 ** 31, Infinity, -Infinity])
      throwsError(
        () => ds_list_replace(list, pos, 1),
        'RangeError',
        'ds_list_replace: pos must be in the list, which has 2 values',
        `got ${pos}`,
      )
    const text = '1'.repeat(300) as `${number}`
    throwsError(
      () => ds_list_replace(list, text, 1),
      'RangeError',
      `ds_list_replace: pos must be in the list, which has 2 values, got ${Number(text)}`,
    )
    assert.equal(valuesOf(list), ['c', undefined])
  })

  it('deletes a value, and nothing outside', () => {
    const list = listOf('a', 'b', 'c')
    for (const pos of [-1, 3, Infinity, -Infinity]) ds_list_delete(list, pos)
    ds_list_delete(list, 1.9)
    assert.equal(valuesOf(list), ['a', 'c'])
  })

  it('finds values by position', () => {
    assert.equal(
      [0, 1, 1.9, 2, 3, -1, Infinity].map((pos) => ds_list_find_value(full, pos)),
      [1, 'a', 'a', undefined, undefined, undefined, undefined],
    )
  })

  it('finds the first position of a value of the same type', () => {
    const array: unknown[] = []
    const list = listOf('1', 1, undefined, array, 1, Number.NaN)
    const found = [1, '1', undefined, array, [], null, true, Number.NaN]
    assert.equal(
      found.map((value) => ds_list_find_index(list, value)),
      [1, 0, 2, 3, -1, -1, -1, -1],
    )
  })

  it('finds a string by one that is the same up to a NUL', () => {
    const list = ds_list_create()
    ds_list_add(list, 'a\0b', 'c')
    assert.equal([ds_list_find_index(list, 'a'), ds_list_find_index(list, 'c\0')], [0, 1])
  })

  it('finds an int64 by the real that is equal to it', () => {
    const list = listOf('5', 5n, 6, 2n ** 60n + 1n)
    assert.is(ds_list_find_index(list, 5), 1)
    assert.is(ds_list_find_index(list, 6n), 2)
    assert.is(ds_list_find_index(list, 2 ** 60), -1)
    assert.is(ds_list_find_index(list, 2n ** 60n + 1n), 3)
  })

  it('clears, copies and destroys', () => {
    const list = listOf('gone')
    ds_list_copy(list, full)
    ds_list_copy(list, list)
    assert.equal(valuesOf(list), [1, 'a', undefined])
    ds_list_clear(list)
    assert.equal(valuesOf(list), [])
    assert.is(ds_list_size(full), 3)
    assert.is(ds_exists(list, ds_type_list), true)
    ds_list_destroy(list)
    assert.is(ds_exists(list, ds_type_list), false)
  })

  it('ds_list_copy changes nothing if there is no source', () => {
    const list = listOf(1)
    ds_list_copy(list, -1)
    assert.equal(valuesOf(list), [1])
    withSetting('unknown_structure', 'error', () => {
      throwsError(() => ds_list_copy(list, 1e9), 'RangeError', 'ds_list_copy: there is no ds_list')
      ds_list_copy(list, -1)
    })
    throwsError(() => ds_list_copy(list, wrong(undefined)), 'TypeError', 'ds_list_copy: ')
  })

  it('takes numbers only as positions', () => {
    const runs = [ds_list_set, ds_list_insert, ds_list_replace, ds_list_delete, ds_list_find_value]
    for (const run of runs)
      for (const value of noHandles)
        throwsError(
          () => run(full, wrong(value), 1),
          'TypeError',
          `${run.name}: pos must be a number`,
        )
  })

  it('answers for a list that does not exist as for an empty one, or throws if set so', () => {
    const stale = ds_list_create()
    ds_list_destroy(stale)
    checkUnknown(calls, reads, stale)
    assert.is(ds_list_size(full), 3)
  })
})
