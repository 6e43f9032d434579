// ds_list_write and ds_list_read: a list as a text that keeps the types of its values.

import { checkText } from '../checkText.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { toNumber } from '../toNumber.ts'
import { clearList, listToChange, listToRead } from './dsHandles.ts'
import { copyItems } from './structures/DsList.ts'
import { readDsList } from './structures/readDsList.ts'
import { writeDsList } from './structures/writeDsList.ts'

/**
 * A text with all values of a list and their types, which `ds_list_read` reads: those that `ds_map_write` writes, in the
 * same way. Maps and lists that the list owns are written as the handles they are, as GameMaker does; in a map,
 * `json_encode` writes them too.
 *
 * @throws RangeError as `ds_map_write`
 */
export function ds_list_write(id: GmlNumber): string {
  const where = 'ds_list_write'
  return writeDsList(where, listToRead(where, id))
}

/**
 * Makes a list hold what `ds_list_write` wrote, here or in GameMaker, and nothing else. What the list owned is destroyed.
 * The text may come from anybody.
 *
 * @param legacy says in GameMaker that a text is older than GameMaker Studio 1.3; those are not read here
 * @returns whether the text could be read; if not, the list stays as it is
 */
export function ds_list_read(id: GmlNumber, str: string, legacy: GmlNumber = false): boolean {
  const where = 'ds_list_read'
  toNumber(where, 'legacy', legacy)
  const list = listToChange(where, id)
  checkText(where, 'str', str)
  const read = readDsList(str)
  if (list === undefined || read === undefined) return false
  clearList(list)
  copyItems(list, read)
  return true
}
