// Maps and lists that belong to a list: they end with it, and json_encode writes them as a part of it.

import { type GmlNumber } from '../GmlNumber.ts'
import { findList, findMap, listToChange, listToRead } from './dsHandles.ts'
import { listPosition } from './listPosition.ts'
import { ownItem } from './structures/DsList.ts'
import { type ChildKind } from './structures/DsMap.ts'

/**
 * Makes the list whose handle is the value at a position belong to this list from then on. The mark moves with the value,
 * and goes with it: a list whose position is deleted or set is not destroyed.
 *
 * @returns the handle; -1, and nothing changes, if there is no such list, or no handle of one at the position
 */
export function ds_list_mark_as_list(id: GmlNumber, pos: GmlNumber): number {
  return markAs('ds_list_mark_as_list', id, pos, 'list')
}

/**
 * Makes the map whose handle is the value at a position belong to this list from then on. The mark moves with the value,
 * and goes with it: a map whose position is deleted or set is not destroyed.
 *
 * @returns the handle; -1, and nothing changes, if there is no such list, or no handle of a map at the position
 */
export function ds_list_mark_as_map(id: GmlNumber, pos: GmlNumber): number {
  return markAs('ds_list_mark_as_map', id, pos, 'map')
}

/** Whether the value at a position is a list that this list owns. False outside the list. */
export function ds_list_is_list(id: GmlNumber, pos: GmlNumber): boolean {
  return isOwned('ds_list_is_list', id, pos, 'list')
}

/** Whether the value at a position is a map that the list owns. False outside the list. */
export function ds_list_is_map(id: GmlNumber, pos: GmlNumber): boolean {
  return isOwned('ds_list_is_map', id, pos, 'map')
}

function markAs(where: string, id: GmlNumber, pos: GmlNumber, kind: ChildKind): number {
  const list = listToChange(where, id)
  const position = listPosition(where, pos)
  const value = list?.items[position]?.value
  // Only a handle, so that what is destroyed with the list is what was marked.
  if (list === undefined || typeof value !== 'number' || !isHandle(where, value, kind)) return -1
  ownItem(list, position, kind)
  return value
}

function isHandle(where: string, value: number, kind: ChildKind): boolean {
  if (Number.isNaN(value)) return false
  const found = kind === 'map' ? findMap(where, value) : findList(where, value)
  return found !== undefined
}

function isOwned(where: string, id: GmlNumber, pos: GmlNumber, kind: ChildKind): boolean {
  const { items } = listToRead(where, id)
  return items[listPosition(where, pos)]?.owned === kind
}
