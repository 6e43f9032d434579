// Maps and lists that belong to a map: they end with it, and json_encode writes them as a part of it.

import { listToChange, mapToChange, mapToRead } from './dsHandles.ts'
import { addEntry, type ChildKind, findEntry, setEntry } from './structures/DsMap.ts'

/**
 * Adds a key whose value is a list that the map owns from then on. Changes nothing if the key is there.
 *
 * @param value the list's handle
 */
export function ds_map_add_list(id: number, key: unknown, value: number): void {
  addOwned('ds_map_add_list', id, key, value, 'list')
}

/**
 * Adds a key whose value is a map that this map owns from then on. Changes nothing if the key is there.
 *
 * @param value the other map's handle
 */
export function ds_map_add_map(id: number, key: unknown, value: number): void {
  addOwned('ds_map_add_map', id, key, value, 'map')
}

/**
 * Makes a list that the map owns from then on the value of a key. What the key's value was, is not destroyed.
 *
 * @param value the list's handle
 */
export function ds_map_replace_list(id: number, key: unknown, value: number): void {
  replaceOwned('ds_map_replace_list', id, key, value, 'list')
}

/**
 * Makes a map that this map owns from then on the value of a key. What the key's value was, is not destroyed.
 *
 * @param value the other map's handle
 */
export function ds_map_replace_map(id: number, key: unknown, value: number): void {
  replaceOwned('ds_map_replace_map', id, key, value, 'map')
}

/** Whether the value of a key is a list that the map owns. False if the key is not there. */
export function ds_map_is_list(id: number, key: unknown): boolean {
  return findEntry(mapToRead('ds_map_is_list', id), key)?.owned === 'list'
}

/** Whether the value of a key is a map that this map owns. False if the key is not there. */
export function ds_map_is_map(id: number, key: unknown): boolean {
  return findEntry(mapToRead('ds_map_is_map', id), key)?.owned === 'map'
}

function addOwned(where: string, id: number, key: unknown, value: number, kind: ChildKind): void {
  const map = mapToChange(where, id)
  const owned = ownedKind(where, value, kind)
  if (map !== undefined) addEntry(map, key, value, owned)
}

function replaceOwned(
  where: string,
  id: number,
  key: unknown,
  value: number,
  kind: ChildKind,
): void {
  const map = mapToChange(where, id)
  const owned = ownedKind(where, value, kind)
  if (map !== undefined) setEntry(map, key, value, owned)
}

/**
 * What a child is. One that does not exist is not owned, since its number may be given to a structure later. Throws for what
 * is no number, and for a structure that does not exist if the setting says so.
 */
function ownedKind(where: string, value: number, kind: ChildKind): ChildKind | undefined {
  const child = kind === 'map' ? mapToChange(where, value) : listToChange(where, value)
  return child && kind
}
