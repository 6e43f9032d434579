import * as assert from 'uvu/assert'
import { ds_type_map } from '../../../src/gml/constants.ts'
import { ds_exists } from '../../../src/gml/ds/dsExists.ts'
import {
  ds_map_clear,
  ds_map_create,
  ds_map_destroy,
  ds_map_find_value,
  ds_map_keys_to_array,
  ds_map_size,
} from '../../../src/gml/ds/dsMapFunctions.ts'
import { ds_map_add_map, ds_map_is_map } from '../../../src/gml/ds/dsMapOwned.ts'
import { ds_map_read, ds_map_write } from '../../../src/gml/ds/dsMapText.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'
import { spec } from '../../spec.ts'
import { checkUnknown, mapOf } from './dsHelpers.ts'

const empty = '9301000000000000'

// {"Map": 1}, as GameMaker's test framework has it.
const written = '930100000100000001000000030000004D617000000000000000000000F03F'

spec('ds_map_write and ds_map_read', (it) => {
  it('write what GameMaker writes', () => {
    assert.is(ds_map_write(ds_map_create()), empty)
    assert.is(ds_map_write(mapOf(['Map', 1])), written)
  })

  it('write an owned map as the number that its handle is', () => {
    const map = ds_map_create()
    const child = ds_map_create()
    ds_map_add_map(map, 'a', child)
    const copy = ds_map_create()
    assert.is(ds_map_read(copy, ds_map_write(map)), true)
    assert.is(ds_map_find_value(copy, 'a'), child)
    assert.is(ds_map_is_map(copy, 'a'), false)
  })

  it('read in place of what was there, which ends', () => {
    const map = mapOf(['gone', 1])
    const child = ds_map_create()
    ds_map_add_map(map, 'child', child)
    assert.is(ds_map_read(map, written, false), true)
    assert.equal(ds_map_keys_to_array(map), ['Map'])
    assert.is(ds_exists(child, ds_type_map), false)
    assert.is(ds_map_read(map, empty), true)
    assert.is(ds_map_size(map), 0)
  })

  it('leave the map as it is if the text cannot be read', () => {
    const map = mapOf(['stays', 1])
    const child = ds_map_create()
    ds_map_add_map(map, 'child', child)
    for (const text of ['', 'nonsense', '{"a":1}', `${written}00`, written.slice(2)])
      assert.is(ds_map_read(map, text), false, text)
    assert.equal(ds_map_keys_to_array(map), ['stays', 'child'])
    assert.is(ds_exists(child, ds_type_map), true)
    ds_map_clear(map)
  })

  it('name the function that was called', () => {
    const loop: unknown[] = []
    loop.push(loop)
    const map = mapOf(['a', loop])
    throwsError(() => ds_map_write(map), 'RangeError', 'ds_map_write: ', 'contains itself')
    for (const value of [undefined, null, 5, {}])
      throwsError(() => ds_map_read(map, wrong(value)), 'TypeError', 'ds_map_read: str must be')
  })

  it('answer for a map that does not exist as for an empty one, or throw if set so', () => {
    const stale = ds_map_create()
    ds_map_destroy(stale)
    checkUnknown(
      [
        ['ds_map_write', (id) => ds_map_write(id), empty],
        ['ds_map_read', (id) => ds_map_read(id, written), false],
      ],
      ['ds_map_write'],
      stale,
    )
  })
})
