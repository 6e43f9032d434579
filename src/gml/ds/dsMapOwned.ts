// Maps and lists that belong to a map: they end with it, and json_encode writes them as a part of it.

import { type GmlNumber } from '../GmlNumber.ts'
import { listNumber, listToChange, mapNumber, mapToChange, mapToRead } from './dsHandles.ts'
import { addEntry, type ChildKind, findEntry, setEntry } from './structures/DsMap.ts'

/** A structure to own. */
interface Child {
  readonly number: number
  readonly owned: ChildKind | undefined
}

/**
 * Adds a key whose value is a list that the map owns from then on. Changes nothing if the key is there.
 *
 * @param value the list's handle
 */
export function ds_map_add_list(id: GmlNumber, key: unknown, value: GmlNumber): void {
  addOwned('ds_map_add_list', id, key, value, 'list')
}

/**
 * Adds a key whose value is a map that this map owns from then on. Changes nothing if the key is there.
 *
 * @param value the other map's handle
 */
export function ds_map_add_map(id: GmlNumber, key: unknown, value: GmlNumber): void {
  addOwned('ds_map_add_map', id, key, value, 'map')
}

/**
 * Makes a list that the map owns from then on the value of a key. What the key's value was, is not destroyed.
 *
 * @param value the list's handle
 */
export function ds_map_replace_list(id: GmlNumber, key: unknown, value: GmlNumber): void {
  replaceOwned('ds_map_replace_list', id, key, value, 'list')
}

/**
 * Makes a map that this map owns from then on the value of a key. What the key's value was, is not destroyed.
 *
 * @param value the other map's handle
 */
export function ds_map_replace_map(id: GmlNumber, key: unknown, value: GmlNumber): void {
  replaceOwned('ds_map_replace_map', id, key, value, 'map')
}

/** Whether the value of a key is a list that the map owns. False if the key is not there. */
export function ds_map_is_list(id: GmlNumber, key: unknown): boolean {
  return findEntry(mapToRead('ds_map_is_list', id), key)?.owned === 'list'
}

/** Whether the value of a key is a map that this map owns. False if the key is not there. */
export function ds_map_is_map(id: GmlNumber, key: unknown): boolean {
  return findEntry(mapToRead('ds_map_is_map', id), key)?.owned === 'map'
}

function addOwned(
  where: string,
  id: GmlNumber,
  key: unknown,
  value: GmlNumber,
  kind: ChildKind,
): void {
  const map = mapToChange(where, id)
  const { number, owned } = childOf(where, value, kind)
  if (map !== undefined) addEntry(map, key, number, owned)
}

function replaceOwned(
  where: string,
  id: GmlNumber,
  key: unknown,
  value: GmlNumber,
  kind: ChildKind,
): void {
  const map = mapToChange(where, id)
  const { number, owned } = childOf(where, value, kind)
  if (map !== undefined) setEntry(map, key, number, owned)
}

/**
 * The number of a child's handle. One that does not exist is not owned, since its number may be given to a structure later.
 * Throws for what does not stand for a number, and for a structure that does not exist if the setting says so.
 */
function childOf(where: string, value: GmlNumber, kind: ChildKind): Child {
  const isMap = kind === 'map'
  const child = isMap ? mapToChange(where, value) : listToChange(where, value)
  const number = isMap ? mapNumber(where, value) : listNumber(where, value)
  return { number, owned: child && kind }
}
