import { checkText } from '../checkText.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { toNumber } from '../toNumber.ts'
import { addMap, mapToRead } from './dsHandles.ts'
import { mapFromJson, mapToJson } from './dsMapJson.ts'

/**
 * The JSON of a map, with the maps and lists that it owns, and arrays and structs among the values. Handles that the map
 * does not own are numbers. What JSON has no type for is written as GameMaker does: `undefined` as `null`, `infinity` as
 * `"@@infinity$$"`, NaN as `"@@nan$$"`, a bigint that a real does not hold exactly as `"@i64@…$i64$"` with hex digits.
 * Keys become texts and keep their order; so do those of structs, except that JavaScript puts names such as "10" first in them.
 *
 * @param prettify whether to break lines and indent them
 * @throws RangeError for a structure that contains itself, more than 128 structures inside each other, two keys with the
 *   same text, such as 5 and "5", two names of a struct that are the same up to a NUL, and a bigint above 64 bits
 */
export function json_encode(map: GmlNumber, prettify: GmlNumber = false): string {
  const where = 'json_encode'
  const indent = toNumber(where, 'prettify', prettify) > 0.5 ? '  ' : ''
  return mapToJson(where, mapToRead(where, map), indent)
}

/**
 * Reads JSON into a new map. Objects become maps and arrays lists, all owned, so that destroying the one map ends them
 * all. Keys keep their order. What is not an object at the top becomes the value of the key "default". `null` becomes
 * `undefined`, and the texts that `json_encode` writes for numbers become numbers again: bigints that are signed, as
 * GameMaker's int64 is, so one above int64 comes back as the int64 of the same bits. The text may come from anybody.
 *
 * @returns the map's handle; -1 for a text that is not JSON, or has more than 128 structures inside each other
 */
export function json_decode(string: string): number {
  checkText('json_decode', 'string', string)
  const map = mapFromJson(string)
  return map === undefined ? -1 : addMap(map)
}
