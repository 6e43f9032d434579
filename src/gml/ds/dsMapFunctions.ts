// ds_map_*: maps by their handles. Every function throws a TypeError for a handle that does not stand for a number; for a map
// that does not exist see the setting unknown_structure.

import { wrongType } from '../../errors/argumentErrors.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { type GmlValue } from '../GmlValue.ts'
import {
  addMap,
  clearMap,
  findMap,
  mapNumber,
  mapToChange,
  mapToRead,
  removeMap,
} from './dsHandles.ts'
import {
  addEntry,
  copyEntries,
  createDsMap,
  deleteEntry,
  findEntry,
  setEntry,
} from './structures/DsMap.ts'

/**
 * Makes an empty map. It stays until `ds_map_destroy`.
 *
 * @returns its handle
 */
export function ds_map_create(): number {
  return addMap(createDsMap())
}

/** Destroys a map, and the maps and lists that were added to it by `ds_map_add_map` and its like, and what these own. */
export function ds_map_destroy(id: GmlNumber): void {
  const where = 'ds_map_destroy'
  if (mapToChange(where, id) !== undefined) removeMap(mapNumber(where, id))
}

/** Whether a map has a key, also one whose value is `undefined`. */
export function ds_map_exists(id: GmlNumber, key: unknown): boolean {
  return findEntry(mapToRead('ds_map_exists', id), key) !== undefined
}

/**
 * Adds a key with its value. Keys may be of any type; 5 and "5" differ, 5 and 5n do not, an array or struct is
 * itself only, and a string ends at its first NUL.
 *
 * @returns false if the key is there, whose value then stays, or if there is no such map
 */
export function ds_map_add(id: GmlNumber, key: unknown, val: unknown): boolean {
  const map = mapToChange('ds_map_add', id)
  return map !== undefined && addEntry(map, key, val)
}

/** Sets a key's value, as GML's `id[? key] = val` does. Adds the key if it is not there. */
export function ds_map_set(id: GmlNumber, key: unknown, val: unknown): void {
  const map = mapToChange('ds_map_set', id)
  if (map !== undefined) setEntry(map, key, val)
}

/**
 * Sets a key's value, as `ds_map_set`.
 *
 * @returns true if the key was there before, false if it has been added or there is no such map
 */
export function ds_map_replace(id: GmlNumber, key: unknown, val: unknown): boolean {
  const map = mapToChange('ds_map_replace', id)
  if (map === undefined) return false
  const wasThere = findEntry(map, key) !== undefined
  setEntry(map, key, val)
  return wasThere
}

/** Takes a key and its value out, if it is there. A map or list that was owned through it is not destroyed. */
export function ds_map_delete(id: GmlNumber, key: unknown): void {
  const map = mapToChange('ds_map_delete', id)
  if (map !== undefined) deleteEntry(map, key)
}

/** Takes all keys out, and destroys the maps and lists that the map owns. */
export function ds_map_clear(id: GmlNumber): void {
  const map = mapToChange('ds_map_clear', id)
  if (map !== undefined) clearMap(map)
}

/**
 * Makes a map hold the same keys and values as another, and nothing else. Values are not copied: maps and lists that the
 * other owns belong to both then, and end with the first that is destroyed. What the map owned before is not destroyed,
 * as in the HTML5 runner. Without the other map nothing happens.
 *
 * @param id the map that is changed
 */
export function ds_map_copy(id: GmlNumber, source: GmlNumber): void {
  const where = 'ds_map_copy'
  const target = mapToChange(where, id)
  const from = findMap(where, source)
  if (from === undefined) mapToRead(where, source)
  else if (target !== undefined) copyEntries(target, from)
}

/** How many keys a map has. */
export function ds_map_size(id: GmlNumber): number {
  return mapToRead('ds_map_size', id).entries.size
}

/** Whether a map has no keys. One that does not exist is not empty either, as in the HTML5 runner. */
export function ds_map_empty(id: GmlNumber): boolean {
  const where = 'ds_map_empty'
  return mapToRead(where, id).entries.size === 0 && findMap(where, id) !== undefined
}

/** The value of a key, as GML's `id[? key]`; `undefined` if the key is not there. */
export function ds_map_find_value(id: GmlNumber, key: unknown): GmlValue {
  return findEntry(mapToRead('ds_map_find_value', id), key)?.value
}

/** The key that was added first, `undefined` if there is none. GameMaker promises no order; here it is this one. */
export function ds_map_find_first(id: GmlNumber): GmlValue {
  return mapToRead('ds_map_find_first', id).first?.key
}

/** The key that was added last, `undefined` if there is none. */
export function ds_map_find_last(id: GmlNumber): GmlValue {
  return mapToRead('ds_map_find_last', id).last?.key
}

/** The key that was added after this one, `undefined` if there is none or this one is not there. */
export function ds_map_find_next(id: GmlNumber, key: unknown): GmlValue {
  return findEntry(mapToRead('ds_map_find_next', id), key)?.next?.key
}

/** The key that was added before this one, `undefined` if there is none or this one is not there. */
export function ds_map_find_previous(id: GmlNumber, key: unknown): GmlValue {
  return findEntry(mapToRead('ds_map_find_previous', id), key)?.previous?.key
}

/**
 * All keys, in the order in which they were added.
 *
 * @param array the keys are appended to it
 * @returns that array, or a new one
 */
export function ds_map_keys_to_array(id: GmlNumber, array?: unknown[]): GmlValue[] {
  const where = 'ds_map_keys_to_array'
  const { entries } = mapToRead(where, id)
  const result = arrayToFill(where, array)
  for (const { key } of entries.values()) result.push(key)
  return result
}

/**
 * All values, in the order in which their keys were added.
 *
 * @param array the values are appended to it
 * @returns that array, or a new one
 */
export function ds_map_values_to_array(id: GmlNumber, array?: unknown[]): GmlValue[] {
  const where = 'ds_map_values_to_array'
  const { entries } = mapToRead(where, id)
  const result = arrayToFill(where, array)
  for (const { value } of entries.values()) result.push(value)
  return result
}

function arrayToFill(where: string, array: unknown[] = []): unknown[] {
  if (!Array.isArray(array)) throw wrongType(where, 'array', 'an array', array)
  return array
}
