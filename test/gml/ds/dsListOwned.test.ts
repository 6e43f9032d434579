import * as assert from 'uvu/assert'
import { ds_type_list, ds_type_map } from '../../../src/gml/constants.ts'
import { ds_exists } from '../../../src/gml/ds/dsExists.ts'
import {
  ds_list_add,
  ds_list_clear,
  ds_list_create,
  ds_list_delete,
  ds_list_destroy,
  ds_list_find_value,
  ds_list_insert,
  ds_list_replace,
} from '../../../src/gml/ds/dsListFunctions.ts'
import { ds_list_sort } from '../../../src/gml/ds/dsListOrder.ts'
import {
  ds_list_is_list,
  ds_list_is_map,
  ds_list_mark_as_list,
  ds_list_mark_as_map,
} from '../../../src/gml/ds/dsListOwned.ts'
import { ds_map_create, ds_map_destroy } from '../../../src/gml/ds/dsMapFunctions.ts'
import { ds_map_add_list } from '../../../src/gml/ds/dsMapOwned.ts'
import { json_decode, json_encode } from '../../../src/gml/ds/jsonFunctions.ts'
import { ds_map_find_value } from '../../../src/gml/ds/dsMapFunctions.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { checkUnknown, listOf, mapOf, noHandles } from './dsHelpers.ts'

/** A list that owns a map at 0 and a list at 1, and has a number at 2. */
function family(): { list: number; map: number; inner: number } {
  const map = mapOf(['a', 1])
  const inner = listOf(2)
  const list = listOf(map, inner, 3.5)
  ds_list_mark_as_map(list, 0)
  ds_list_mark_as_list(list, 1)
  return { list, map, inner }
}

function kindsIn(list: number, size: number): string {
  const kinds = Array.from({ length: size }, (_, at) =>
    ds_list_is_map(list, at) ? 'map' : ds_list_is_list(list, at) ? 'list' : '-',
  )
  return kinds.join(' ')
}

spec('maps and lists in lists', (it) => {
  it('belong to the list once they are marked', () => {
    const map = mapOf()
    const inner = listOf()
    const list = listOf(map, inner)
    assert.is(kindsIn(list, 2), '- -')
    assert.is(ds_list_mark_as_map(list, 0), map)
    assert.is(ds_list_mark_as_list(list, 1.9), inner)
    assert.is(kindsIn(list, 2), 'map list')
    assert.is(ds_list_find_value(list, 0), map)
    ds_list_destroy(list)
    assert.is(ds_exists(map, ds_type_map), false)
    assert.is(ds_exists(inner, ds_type_list), false)
  })

  it('stay when they are not marked, or not any more', () => {
    const map = mapOf()
    const { list, map: replaced, inner } = family()
    ds_list_add(list, map)
    ds_list_replace(list, 0, replaced)
    ds_list_delete(list, 1)
    ds_list_destroy(list)
    for (const [handle, type] of [
      [map, ds_type_map],
      [replaced, ds_type_map],
      [inner, ds_type_list],
    ] as const)
      assert.is(ds_exists(handle, type), true)
  })

  it('end when the list is cleared', () => {
    const { list, map, inner } = family()
    ds_list_clear(list)
    assert.is(ds_exists(map, ds_type_map), false)
    assert.is(ds_exists(inner, ds_type_list), false)
    assert.is(ds_exists(list, ds_type_list), true)
  })

  it('keep their marks when they move', () => {
    const { list, map } = family()
    ds_list_insert(list, 0, 'first')
    assert.is(kindsIn(list, 5), '- map list - -')
    assert.is(ds_list_find_value(list, 1), map)
    ds_list_delete(list, 0)
    assert.is(kindsIn(list, 4), 'map list - -')
    ds_list_sort(list, false)
    const values = [0, 1, 2].map((at) => ds_list_find_value(list, at))
    assert.ok(ds_list_is_map(list, values.indexOf(map)))
  })

  it('are a part of the JSON of a map', () => {
    const { list } = family()
    const root = ds_map_create()
    ds_map_add_list(root, 'list', list)
    const json = '{"list":[{"a":1},[2],3.5]}'
    assert.is(json_encode(root), json)
    const read = json_decode(json)
    assert.is(kindsIn(ds_map_find_value(read, 'list'), 3), 'map list -')
    ds_map_destroy(read)
    ds_map_destroy(root)
    assert.is(ds_exists(list, ds_type_list), false)
  })

  it('are marked only where the handle of one stands', () => {
    const gone = ds_list_create()
    ds_list_destroy(gone)
    const { list, map, inner } = family()
    const values = [...noHandles, gone, -1, 0.5, 1e9, 'text', map, inner]
    const other = listOf(...values)
    for (const at of [-1, values.length, Infinity, -Infinity, ...values.keys()]) {
      const value = values[at]
      assert.is(ds_list_mark_as_map(other, at), value === map ? map : -1)
      assert.is(ds_list_mark_as_list(other, at), value === inner ? inner : -1)
    }
    ds_list_destroy(other)
    assert.is(ds_exists(map, ds_type_map), false)
    ds_list_destroy(list)
  })

  it('may contain themselves', () => {
    const list = ds_list_create()
    ds_list_add(list, list)
    assert.is(ds_list_mark_as_list(list, 0), list)
    ds_list_destroy(list)
    assert.is(ds_exists(list, ds_type_list), false)
  })

  it('take numbers only as positions', () => {
    const { list } = family()
    for (const run of [ds_list_mark_as_list, ds_list_mark_as_map, ds_list_is_list, ds_list_is_map])
      for (const value of noHandles)
        throwsError(() => run(list, wrong(value)), 'TypeError', `${run.name}: pos must be a number`)
  })

  it('are not in a list that does not exist, or that throws if set so', () => {
    const stale = ds_list_create()
    ds_list_destroy(stale)
    checkUnknown(
      [
        ['ds_list_mark_as_list', (id) => ds_list_mark_as_list(id, 0), -1],
        ['ds_list_mark_as_map', (id) => ds_list_mark_as_map(id, 0), -1],
        ['ds_list_is_list', (id) => ds_list_is_list(id, 0), false],
        ['ds_list_is_map', (id) => ds_list_is_map(id, 0), false],
      ],
      ['ds_list_is_list', 'ds_list_is_map'],
      stale,
    )
  })
})
