import { checkText } from '../checkText.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { toNumber } from '../toNumber.ts'
import { clearMap, mapToChange, mapToRead } from './dsHandles.ts'
import { copyEntries } from './structures/DsMap.ts'
import { readDsMap } from './structures/readDsMap.ts'
import { writeDsMap } from './structures/writeDsMap.ts'

/**
 * A text with all keys and values and their types, which `ds_map_read` reads: numbers, strings, booleans, bigints,
 * `undefined`, `null`, arrays and structs. The text is GameMaker's own, so that its games can read it if there is nothing
 * in it that they do not have themselves: structs, and bigints above int64. Maps and lists that the map owns are written
 * as the handles they are, as GameMaker does; `json_encode` writes them too. A function or a symbol becomes `undefined`; a
 * string ends at its first NUL, as all of GameMaker's do.
 *
 * @throws RangeError for an array or struct that contains itself or is more than 128 deep, two names of a struct that are the
 * same up to a NUL, and a bigint above 64 bits
 */
export function ds_map_write(id: GmlNumber): string {
  const where = 'ds_map_write'
  return writeDsMap(where, mapToRead(where, id))
}

/**
 * Makes a map hold what `ds_map_write` wrote, here or in GameMaker, and nothing else. What the map owned is destroyed. The
 * text may come from anybody; a map that it makes can hold what `json_encode` throws for, such as the keys 5 and "5".
 *
 * @param legacy says in GameMaker that a text is older than GameMaker Studio 1.3; those are not read here
 * @returns whether the text could be read; if not, the map stays as it is
 */
export function ds_map_read(id: GmlNumber, str: string, legacy: GmlNumber = false): boolean {
  const where = 'ds_map_read'
  toNumber(where, 'legacy', legacy)
  const map = mapToChange(where, id)
  checkText(where, 'str', str)
  const read = readDsMap(str)
  if (map === undefined || read === undefined) return false
  clearMap(map)
  copyEntries(map, read)
  return true
}
