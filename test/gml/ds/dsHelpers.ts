import * as assert from 'uvu/assert'
import {
  ds_list_add,
  ds_list_create,
  ds_list_destroy,
  ds_list_find_value,
  ds_list_size,
} from '../../../src/gml/ds/dsListFunctions.ts'
import { ds_map_create, ds_map_destroy, ds_map_set } from '../../../src/gml/ds/dsMapFunctions.ts'
import { withSetting } from '../withSetting.ts'
import { throwsError, wrong } from '../../buffer/helpers.ts'

/** A map with these keys and values. */
export function mapOf(...entries: [unknown, unknown][]): number {
  const map = ds_map_create()
  for (const [key, value] of entries) ds_map_set(map, key, value)
  return map
}

let largest = -1

/** A map whose handle was never that of another map or list that these functions have made. */
export function uniqueMap(): number {
  return unique(ds_map_create, ds_map_destroy)
}

/** The same for a list. */
export function uniqueList(): number {
  return unique(ds_list_create, ds_list_destroy)
}

/** Each kind counts in a row of its own, from 0. */
function unique(create: () => number, destroy: (handle: number) => void): number {
  let handle = create()
  for (; handle <= largest; handle = create()) destroy(handle)
  largest = handle
  return handle
}

/** A list with these values. */
export function listOf(...values: unknown[]): number {
  const list = ds_list_create()
  ds_list_add(list, ...values)
  return list
}

/** The values of a list. */
export function valuesOf(list: number): unknown[] {
  return Array.from({ length: ds_list_size(list) }, (_, at) => ds_list_find_value(list, at))
}

/** What is no handle. */
export const noHandles: unknown[] = [undefined, Number.NaN, null, '', 'zero', '0x0', {}, [0]]

/** A function of the face with its first argument left open, and what it gives for a structure that does not exist. */
export type Call = [name: string, run: (id: number) => unknown, result: unknown]

/** Asserts for each function what becomes of handles that name nothing. */
export function checkUnknown(
  calls: readonly Call[],
  reads: readonly string[],
  stale: number,
): void {
  for (const [name, run, result] of calls) {
    for (const value of noHandles)
      throwsError(() => run(wrong(value)), 'TypeError', `${name}: `, 'must be the handle of')
    for (const id of [stale, -1, -4, 1e9, 0.5, Infinity]) assert.equal(run(id), result, name)
    withSetting('unknown_structure', 'error', () => {
      throwsError(() => run(stale), 'RangeError', `${name}: there is no`, `${stale} any more`)
      throwsError(() => run(1e9), 'RangeError', `${name}: there is no`, '1000000000')
      if (reads.includes(name)) assert.equal(run(-1), result, name)
      else throwsError(() => run(-1), 'RangeError', `${name}: there is no`, '-1')
    })
  }
}
