// ds_list_*: lists by their handles. Every function throws a TypeError for a handle that does not stand for a number; for a
// list that does not exist see the setting unknown_structure. A position's fraction is cut.

import { type GmlNumber } from '../GmlNumber.ts'
import { type GmlValue } from '../GmlValue.ts'
import {
  addList,
  clearList,
  findList,
  listNumber,
  listToChange,
  listToRead,
  removeList,
} from './dsHandles.ts'
import { toNumber } from '../toNumber.ts'
import { listPosition } from './listPosition.ts'
import {
  addItem,
  copyItems,
  createDsList,
  deleteItem,
  insertItem,
  setItem,
} from './structures/DsList.ts'
import { comparable } from './structures/DsMap.ts'

/** The highest position that a value can be set at, so that a wrong number does not take all memory. */
const positionMax = 2 ** 24 - 1

/**
 * Makes an empty list. It stays until `ds_list_destroy`.
 *
 * @returns its handle
 */
export function ds_list_create(): number {
  return addList(createDsList())
}

/** Destroys a list, and the maps and lists in it that it owns: those that `json_decode` made or were marked. */
export function ds_list_destroy(id: GmlNumber): void {
  const where = 'ds_list_destroy'
  if (listToChange(where, id) !== undefined) removeList(listNumber(where, id))
}

/** Adds values at the end. */
export function ds_list_add(id: GmlNumber, ...val: unknown[]): void {
  const list = listToChange('ds_list_add', id)
  if (list === undefined) return
  for (const value of val) addItem(list, value)
}

/**
 * Sets the value at a position. A list that ends before it gets zeros up to there. Below 0 nothing happens.
 *
 * @throws RangeError for a position above 16777215
 */
export function ds_list_set(id: GmlNumber, pos: GmlNumber, val: unknown): void {
  const where = 'ds_list_set'
  const list = listToChange(where, id)
  const position = listPosition(where, pos)
  if (position > positionMax)
    throw new RangeError(
      `${where}: pos must be at most ${positionMax}, got ${toNumber(where, 'pos', pos)}`,
    )
  if (list !== undefined && position >= 0) setItem(list, position, val)
}

/**
 * Adds a value at a position; those from there on move down. At the size of the list it is added at the end, outside
 * nothing happens.
 */
export function ds_list_insert(id: GmlNumber, pos: GmlNumber, val: unknown): void {
  const where = 'ds_list_insert'
  const list = listToChange(where, id)
  const position = listPosition(where, pos)
  if (list === undefined || position < 0 || position > list.items.length) return
  insertItem(list, position, val)
}

/**
 * Sets the value at a position of the list.
 *
 * @throws RangeError for a position outside the list, as GameMaker shows an error; `ds_list_set` takes those behind it
 */
export function ds_list_replace(id: GmlNumber, pos: GmlNumber, val: unknown): void {
  const where = 'ds_list_replace'
  const list = listToChange(where, id)
  const position = listPosition(where, pos)
  if (list === undefined) return
  const { length } = list.items
  if (position < 0 || position >= length)
    throw new RangeError(
      `${where}: pos must be in the list, which has ${length} values, got ${position}`,
    )
  setItem(list, position, val)
}

/** Takes the value at a position out; those after it move up. Outside the list nothing happens. */
export function ds_list_delete(id: GmlNumber, pos: GmlNumber): void {
  const where = 'ds_list_delete'
  const list = listToChange(where, id)
  const position = listPosition(where, pos)
  if (list !== undefined && position >= 0) deleteItem(list, position)
}

/** How many values a list has. */
export function ds_list_size(id: GmlNumber): number {
  return listToRead('ds_list_size', id).items.length
}

/** Whether a list has no values. One that does not exist is empty, as in the HTML5 runner. */
export function ds_list_empty(id: GmlNumber): boolean {
  return listToRead('ds_list_empty', id).items.length === 0
}

/** The value at a position, from 0; `undefined` outside the list. */
export function ds_list_find_value(id: GmlNumber, pos: GmlNumber): GmlValue {
  const where = 'ds_list_find_value'
  const { items } = listToRead(where, id)
  return items[listPosition(where, pos)]?.value
}

/** The first position of a value; -1 if it is not there. 5 and "5" differ, 5 and 5n do not. */
export function ds_list_find_index(id: GmlNumber, val: unknown): number {
  const wanted = comparable(val)
  const { items } = listToRead('ds_list_find_index', id)
  return items.findIndex(({ value }) => comparable(value) === wanted)
}

/** Takes all values out, and destroys the maps and lists that the list owns. */
export function ds_list_clear(id: GmlNumber): void {
  const list = listToChange('ds_list_clear', id)
  if (list !== undefined) clearList(list)
}

/**
 * Makes a list hold the same values as another, and nothing else. Maps and lists that the other owns belong to both then.
 * Without the other list nothing happens.
 *
 * @param id the list that is changed
 */
export function ds_list_copy(id: GmlNumber, source: GmlNumber): void {
  const where = 'ds_list_copy'
  const target = listToChange(where, id)
  const from = findList(where, source)
  if (from === undefined) listToRead(where, source)
  else if (target !== undefined) copyItems(target, from)
}
