import * as assert from 'uvu/assert'
import { ds_type_map } from '../../../src/gml/constants.ts'
import { ds_exists } from '../../../src/gml/ds/dsExists.ts'
import { ds_list_create, ds_list_destroy } from '../../../src/gml/ds/dsListFunctions.ts'
import { ds_list_is_map, ds_list_mark_as_map } from '../../../src/gml/ds/dsListOwned.ts'
import { ds_list_read, ds_list_write } from '../../../src/gml/ds/dsListText.ts'
import { ds_map_create } from '../../../src/gml/ds/dsMapFunctions.ts'
import { ds_map_write } from '../../../src/gml/ds/dsMapText.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { checkUnknown, listOf, mapOf, valuesOf } from './dsHelpers.ts'

const empty = '2F01000000000000'

// ["hello", 30, 20, 10, "world"], as GameMaker's test framework has it.
const written =
  '2F01000005000000010000000500000068656C6C6F000000000000000000003E400000000000000000000034400000000000000000000024400100000005000000776F726C64'

spec('ds_list_write and ds_list_read', (it) => {
  it('write what GameMaker writes, and read it', () => {
    const values = ['hello', 30, 20, 10, 'world']
    assert.is(ds_list_write(ds_list_create()), empty)
    assert.is(ds_list_write(listOf(...values)), written)
    const list = ds_list_create()
    assert.is(ds_list_read(list, written), true)
    assert.equal(valuesOf(list), values)
  })

  it('keep every type', () => {
    const values = [true, undefined, null, 5n, 2n ** 64n - 1n, -0, Number.NaN, [1, ['a']], { x: 1 }]
    const list = ds_list_create()
    assert.is(ds_list_read(list, ds_list_write(listOf(...values))), true)
    assert.equal(valuesOf(list), values)
  })

  it('write an owned map as the number that its handle is', () => {
    const child = ds_map_create()
    const list = listOf(child)
    ds_list_mark_as_map(list, 0)
    const copy = ds_list_create()
    assert.is(ds_list_read(copy, ds_list_write(list)), true)
    assert.equal(valuesOf(copy), [child])
    assert.is(ds_list_is_map(copy, 0), false)
  })

  it('read in place of what was there, which ends', () => {
    const child = ds_map_create()
    const list = listOf('gone', child)
    ds_list_mark_as_map(list, 1)
    assert.is(ds_list_read(list, written, false), true)
    assert.is(ds_exists(child, ds_type_map), false)
    assert.is(ds_list_read(list, empty), true)
    assert.equal(valuesOf(list), [])
  })

  it('leave the list as it is if the text cannot be read', () => {
    const child = ds_map_create()
    const list = listOf('stays', child)
    ds_list_mark_as_map(list, 1)
    const map = ds_map_write(mapOf(['a', 1]))
    for (const text of ['', 'nonsense', '[1]', `${written}00`, written.slice(2), map])
      assert.is(ds_list_read(list, text), false, text)
    assert.equal(valuesOf(list), ['stays', child])
    assert.is(ds_exists(child, ds_type_map), true)
  })

  it('name the function that was called', () => {
    const loop: unknown[] = []
    loop.push(loop)
    const list = listOf(loop)
    throwsError(() => ds_list_write(list), 'RangeError', 'ds_list_write: ', 'contains itself')
    for (const value of [undefined, null, 5, {}])
      throwsError(() => ds_list_read(list, wrong(value)), 'TypeError', 'ds_list_read: str must be')
  })

  it('answer for a list that does not exist as for an empty one, or throw if set so', () => {
    const stale = ds_list_create()
    ds_list_destroy(stale)
    checkUnknown(
      [
        ['ds_list_write', (id) => ds_list_write(id), empty],
        ['ds_list_read', (id) => ds_list_read(id, written), false],
      ],
      ['ds_list_write'],
      stale,
    )
  })
})
