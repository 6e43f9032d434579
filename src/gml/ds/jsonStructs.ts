// json_stringify and json_parse: structs, here plain objects, and arrays as JSON. What becomes of values that JSON has no type
// for stands in dsMapJson.ts.

import { untilNul } from '../../buffer/utf8.ts'
import { show, wrongType } from '../../errors/argumentErrors.ts'
import { BadMessageError } from '../../errors/BadMessageError.ts'
import { checkText } from '../checkText.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { type GmlValue } from '../GmlValue.ts'
import { toNumber } from '../toNumber.ts'
import { type Json, writeJson } from './structures/jsonText.ts'
import { bigintToJson, numberToJson, stringFromJson } from './structures/jsonValues.ts'
import { membersOfStruct } from './structures/membersOfStruct.ts'
import { checkNesting, isObject, isTooDeep, nestingMax } from './structures/nesting.ts'

/**
 * Returns what takes the place of a value.
 *
 * @param key a struct's name, an array's index, or `''` for the outermost value
 */
export type JsonFilter = (key: GmlValue, value: GmlValue) => unknown

/** What is being written: the structs and arrays that are open. */
interface Stringifying {
  readonly where: string
  readonly open: object[]
  readonly filter: JsonFilter | undefined
}

/** How a text is read. */
interface Parsing {
  readonly filter: JsonFilter | undefined
  readonly keepsStrings: boolean
}

/**
 * The JSON of structs and arrays inside each other, or of any other value. What JSON has no type for is written as
 * `json_encode` does. A struct's functions are left out; one inside itself is `null`, as in GameMaker. Names end at their
 * first NUL. Handles of maps and lists are numbers.
 *
 * @param prettify whether to break lines and indent them
 * @param filter_func is called for every value, the outermost first, before what is in it; what it returns is written
 * @throws RangeError for more than 128 structs and arrays inside each other, two names of a struct that are the same up to a
 *   NUL, and a bigint above 64 bits
 */
export function json_stringify(
  val: unknown,
  prettify: GmlNumber = false,
  filter_func?: JsonFilter,
): string {
  const where = 'json_stringify'
  const filter = checkFilter(where, filter_func)
  const isPretty = toNumber(where, 'prettify', prettify) > 0.5
  const json = stringify({ where, open: [], filter }, '', val) ?? null
  return writeJson(json, isPretty ? '  ' : '')
}

/** Returns `undefined` for a function. */
function stringify(run: Stringifying, key: string | number, value: unknown): Json | undefined {
  const kept: unknown = run.filter === undefined ? value : run.filter(key, value)
  switch (typeof kept) {
    case 'string':
    case 'boolean':
      return kept
    case 'number':
      return numberToJson(kept)
    case 'bigint':
      return bigintToJson(run.where, kept)
    case 'object':
      return kept === null || run.open.includes(kept) ? null : stringifyInside(run, kept)
    case 'function':
      return undefined
    default:
      return null
  }
}

function stringifyInside(run: Stringifying, value: object): Json {
  checkNesting(run.where, run.open, value)
  run.open.push(value)
  const json = Array.isArray(value)
    ? Array.from(value, (item: unknown, at) => stringify(run, at, item) ?? null)
    : stringifyMembers(run, value)
  run.open.pop()
  return json
}

function stringifyMembers(run: Stringifying, struct: object): Json {
  const members = new Map<string, Json>()
  for (const [name, value] of membersOfStruct(run.where, struct)) {
    const json = stringify(run, name, value)
    if (json !== undefined) members.set(name, json)
  }
  return members
}

/**
 * Reads JSON. Objects become structs, which are plain objects, and arrays arrays; `null` becomes `undefined`, and the texts
 * that `json_stringify` writes for numbers become numbers again, as `json_decode` reads them. Names end at their first NUL;
 * of two that are the same the last counts. The text may come from anybody: a name such as `__proto__` is one like any
 * other.
 *
 * @param filter_func is called for every value, the outermost last, after what is in it; what it returns takes its place
 * @param inhibit_string_convert whether strings stay as they are, also those that stand for numbers
 * @returns the outermost value: a struct or an array, or what else the text is
 * @throws BadMessageError for a text that is not JSON, or has more than 128 structures inside each other: in the Networking
 *   event the sender's fault, elsewhere an error like others
 */
export function json_parse(
  json: string,
  filter_func?: JsonFilter,
  inhibit_string_convert: GmlNumber = false,
): GmlValue {
  const where = 'json_parse'
  checkText(where, 'json', json)
  const filter = checkFilter(where, filter_func)
  const keepsStrings = toNumber(where, 'inhibit_string_convert', inhibit_string_convert) > 0.5
  return valueOf({ filter, keepsStrings }, '', parse(where, json))
}

function parse(where: string, json: string): unknown {
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch {
    // Not JSON, or deeper than the platform can go.
    throw new BadMessageError(`${where}: json must be JSON, got ${show(json)}`)
  }
  if (!isTooDeep(parsed)) return parsed
  throw new BadMessageError(`${where}: more than ${nestingMax} structures are inside each other`)
}

function valueOf(run: Parsing, key: string | number, parsed: unknown): unknown {
  const value = Array.isArray(parsed)
    ? parsed.map((item: unknown, at) => valueOf(run, at, item))
    : isObject(parsed)
      ? structOf(run, parsed)
      : primitiveOf(run, parsed)
  return run.filter === undefined ? value : run.filter(key, value)
}

function structOf(run: Parsing, parsed: object): object {
  const members = Object.entries(parsed).map(([name, member]: [string, unknown]) => {
    const own = untilNul(name)
    return [own, valueOf(run, own, member)]
  })
  // Defines each name, "__proto__" too.
  return Object.fromEntries(members)
}

function primitiveOf({ keepsStrings }: Parsing, parsed: unknown): unknown {
  if (parsed === null) return undefined
  return typeof parsed === 'string' && !keepsStrings ? stringFromJson(parsed) : parsed
}

function checkFilter(where: string, filter: JsonFilter | undefined): JsonFilter | undefined {
  if (filter === undefined || typeof filter === 'function') return filter
  throw wrongType(where, 'filter_func', 'a function', filter)
}
