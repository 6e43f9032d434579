// The maps and lists that GameMaker code has handles of.

import { type GmlNumber } from '../GmlNumber.ts'
import {
  createHandles,
  endHandle,
  findThing,
  giveHandle,
  handleNumber,
  type Handles,
  unknownHandle,
} from '../handles.ts'
import { settings } from '../settings.ts'
import { clearItems, createDsList, type DsList } from './structures/DsList.ts'
import { type ChildKind, clearEntries, createDsMap, type DsMap } from './structures/DsMap.ts'

const maps: Handles<DsMap> = /* @__PURE__ */ createHandles('ds_map')

const lists: Handles<DsList> = /* @__PURE__ */ createHandles('ds_list')

// What reading a structure that does not exist finds. Nothing ever changes them.
const noMap: DsMap = /* @__PURE__ */ createDsMap()
const noList: DsList = /* @__PURE__ */ createDsList()

/** A structure that may be owned. */
interface Child {
  readonly owned: ChildKind | undefined
  readonly value: unknown
}

/** Gives a map a handle. */
export function addMap(map: DsMap): number {
  return giveHandle(maps, map)
}

/** Gives a list a handle. */
export function addList(list: DsList): number {
  return giveHandle(lists, list)
}

/** The number of a map's handle, whether there is such a map or not. Throws as `handleNumber`. */
export function mapNumber(where: string, handle: GmlNumber): number {
  return handleNumber(where, maps.what, handle)
}

/** The number of a list's handle, whether there is such a list or not. Throws as `handleNumber`. */
export function listNumber(where: string, handle: GmlNumber): number {
  return handleNumber(where, lists.what, handle)
}

/** The map of a handle, or `undefined`. Throws a `TypeError` for what does not stand for a number. */
export function findMap(where: string, handle: GmlNumber): DsMap | undefined {
  return findThing(where, maps, handle)
}

/** The map of a handle. Throws a `RangeError` if there is none. */
export function existingMap(where: string, handle: GmlNumber): DsMap {
  const map = findMap(where, handle)
  if (map === undefined) throw unknownHandle(where, maps, handle)
  return map
}

/** The list of a handle, or `undefined`. Throws a `TypeError` for what does not stand for a number. */
export function findList(where: string, handle: GmlNumber): DsList | undefined {
  return findThing(where, lists, handle)
}

/**
 * The map of a handle, for functions that only read. One that does not exist is empty, or the error of the setting
 * `unknown_structure`; -1, which `async_load` is outside its event, is always empty.
 */
export function mapToRead(where: string, handle: GmlNumber): DsMap {
  const map = findMap(where, handle)
  if (map === undefined && mapNumber(where, handle) !== -1) checkKnown(where, maps, handle)
  return map ?? noMap
}

/** The same for lists. */
export function listToRead(where: string, handle: GmlNumber): DsList {
  const list = findList(where, handle)
  if (list === undefined && listNumber(where, handle) !== -1) checkKnown(where, lists, handle)
  return list ?? noList
}

/** The map of a handle, for functions that change it. For one that does not exist `undefined`, or the setting's error. */
export function mapToChange(where: string, handle: GmlNumber): DsMap | undefined {
  const map = findMap(where, handle)
  if (map === undefined) checkKnown(where, maps, handle)
  return map
}

/** The same for lists. */
export function listToChange(where: string, handle: GmlNumber): DsList | undefined {
  const list = findList(where, handle)
  if (list === undefined) checkKnown(where, lists, handle)
  return list
}

function checkKnown<Thing>(where: string, handles: Handles<Thing>, handle: GmlNumber): void {
  if (settings.unknown_structure === 'error') throw unknownHandle(where, handles, handle)
}

/** Destroys a map and what it owns. Gives false if there is none. */
export function removeMap(handle: number): boolean {
  const map = maps.things.get(handle)
  if (map === undefined) return false
  endHandle(maps, handle)
  destroyOwned(map.entries.values())
  return true
}

/** Destroys a list and what it owns. Gives false if there is none. */
export function removeList(handle: number): boolean {
  const list = lists.things.get(handle)
  if (list === undefined) return false
  endHandle(lists, handle)
  destroyOwned(list.items)
  return true
}

/** Empties a map and destroys what it owns. */
export function clearMap(map: DsMap): void {
  destroyOwned(map.entries.values())
  clearEntries(map)
}

/** Empties a list and destroys what it owns. */
export function clearList(list: DsList): void {
  destroyOwned(list.items)
  clearItems(list)
}

/**
 * Destroys the owned structures among values, and what these own, and so on. Goes by a list of what is left to do, since
 * structures may be deeper than the stack. A handle ends before what its structure owns is looked at, so a circle ends;
 * and as no handle is given twice, one that has ended finds nothing.
 */
function destroyOwned(values: Iterable<Child>): void {
  const left = [values]
  for (let some = left.pop(); some !== undefined; some = left.pop()) {
    for (const { owned, value } of some)
      if (owned !== undefined) left.push(endChild(owned, value as number))
  }
}

/** Takes an owned structure's handle out of use, and gives what it holds. */
function endChild(kind: ChildKind, handle: number): Iterable<Child> {
  if (kind === 'map') {
    const map = maps.things.get(handle)
    endHandle(maps, handle)
    return map?.entries.values() ?? []
  }
  const list = lists.things.get(handle)
  endHandle(lists, handle)
  return list?.items ?? []
}
