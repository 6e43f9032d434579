import {
  ds_map_add,
  ds_map_copy,
  ds_map_create,
  ds_map_find_value,
  ds_map_keys_to_array,
  ds_map_replace,
  ds_map_set,
} from 'bitecs-networking/gml'
import * as assert from 'uvu/assert'
import { conformance, type ConformanceCase } from './conformance.ts'

const cases: ConformanceCase[] = [
  {
    number: 'M17',
    what: 'adding a key twice keeps the first value',
    run: () => {
      const map = ds_map_create()
      assert.is(ds_map_add(map, 'a', 1), true)
      assert.is(ds_map_add(map, 'a', 2), false)
      assert.is(ds_map_find_value(map, 'a'), 1)
    },
  },
  {
    number: 'M18',
    what: 'replace tells whether the key was there',
    run: () => {
      const map = ds_map_create()
      assert.is(ds_map_replace(map, 'a', 1), false)
      assert.is(ds_map_replace(map, 'a', 2), true)
      assert.is(ds_map_find_value(map, 'a'), 2)
    },
  },
  {
    number: 'M19',
    what: 'a missing key has the value undefined',
    run: () => assert.is(ds_map_find_value(ds_map_create(), 'a'), undefined),
  },
  {
    number: 'M20',
    what: 'keys are added to an array that is given',
    run: () => {
      const map = ds_map_create()
      ds_map_set(map, 'a', 1)
      const array: unknown[] = [9]
      assert.is(ds_map_keys_to_array(map, array), array)
      assert.equal(array, [9, 'a'])
    },
  },
  {
    number: 'M21',
    what: 'a copy has the keys of its source only',
    run: () => {
      const source = ds_map_create()
      ds_map_set(source, 'a', 1)
      const destination = ds_map_create()
      ds_map_set(destination, 'b', 2)
      ds_map_copy(destination, source)
      assert.equal(ds_map_keys_to_array(destination), ['a'])
      assert.is(ds_map_find_value(destination, 'a'), 1)
    },
  },
]

conformance('ds_map, by the manual', 'M', [17, 21], cases)
