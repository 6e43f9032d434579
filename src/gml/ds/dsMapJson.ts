// Maps as JSON. It has fewer types than GML; GameMaker's manual ("Guide To Using JSON") tells what becomes of the others:
//
//   in GML                       in JSON                      read back as
//   undefined, pointer_null      null                         undefined
//   infinity, -infinity, NaN     "@@infinity$$",              the same
//                                "@@-infinity$$", "@@nan$$"
//   int64 (a bigint) that a      a number                     a number
//   real holds exactly
//   any other int64              "@i64@", hex digits,         a bigint
//                                "$i64$"
//   a bigint above int64         the same, or a number        the int64 of the same
//                                                             bits, or a number
//   owned map, struct            an object                    an owned map
//   owned list, array            an array                     an owned list
//
// Keys become texts, in their order. A function or a symbol becomes null.

import { show } from '../../errors/argumentErrors.ts'
import { addList, addMap, findList, findMap } from './dsHandles.ts'
import { addItem, createDsList, type DsList } from './structures/DsList.ts'
import { type ChildKind, createDsMap, type DsMap, setEntry } from './structures/DsMap.ts'
import { type Json, membersOf, parseJson, writeJson } from './structures/jsonText.ts'
import { bigintToJson, numberToJson, stringFromJson } from './structures/jsonValues.ts'
import { membersOfStruct } from './structures/membersOfStruct.ts'
import { checkNesting, isObject, isTooDeep } from './structures/nesting.ts'

/** A value, and what it is if it is an owned structure's handle. */
interface Held {
  readonly value: unknown
  readonly owned: ChildKind | undefined
}

/** What is being encoded: the function that was called, and the structures that are open. */
interface Encoding {
  readonly where: string
  readonly open: object[]
}

/**
 * The JSON of a map and all that it owns. An owned structure that does not exist any more is empty.
 *
 * @throws RangeError for a structure that contains itself or is nested too deep, two keys or names with the same text, and a
 *   bigint above 64 bits
 */
export function mapToJson(where: string, map: DsMap, indent: string = ''): string {
  const encoding: Encoding = { where, open: [] }
  const root = inside(encoding, map, 'the map', () => mapMembers(encoding, map))
  return writeJson(root, indent)
}

/** Encodes what is in a structure while that is noted as open. */
function inside<Result>(
  { where, open }: Encoding,
  structure: object,
  what: string,
  encode: () => Result,
): Result {
  checkNesting(where, open, structure, what)
  open.push(structure)
  const result = encode()
  open.pop()
  return result
}

function mapMembers(encoding: Encoding, { entries }: DsMap): Json {
  const members = new Map<string, Json>()
  for (const entry of entries.values()) {
    const name = keyText(entry.key)
    if (members.has(name)) throw sameName(encoding.where, name)
    members.set(name, heldToJson(encoding, entry))
  }
  return members
}

/** Written twice, all but one of them would be lost when the text is read. */
function sameName(where: string, name: string): RangeError {
  return new RangeError(`${where}: two keys of a map have the same text in JSON, ${show(name)}`)
}

function heldToJson(encoding: Encoding, { value, owned }: Held): Json {
  if (owned === undefined) return valueToJson(encoding, value)
  const handle = value as number
  if (owned === 'map') {
    const map = findMap(encoding.where, handle) ?? createDsMap()
    return inside(encoding, map, `ds_map ${handle}`, () => mapMembers(encoding, map))
  }
  const list = findList(encoding.where, handle) ?? createDsList()
  return inside(encoding, list, `ds_list ${handle}`, () =>
    list.items.map((item) => heldToJson(encoding, item)),
  )
}

function valueToJson(encoding: Encoding, value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return numberToJson(value)
    case 'bigint':
      return bigintToJson(encoding.where, value)
    case 'object':
      return value === null ? null : objectToJson(encoding, value)
    default:
      return null
  }
}

function objectToJson(encoding: Encoding, value: object): Json {
  return inside(encoding, value, show(value), () => {
    if (Array.isArray(value))
      return Array.from(value, (item: unknown) => valueToJson(encoding, item))
    const members = new Map<string, Json>()
    for (const [name, member] of membersOfStruct(encoding.where, value))
      members.set(name, valueToJson(encoding, member))
    return members
  })
}

function keyText(key: unknown): string {
  return typeof key === 'object' && key !== null ? show(key) : String(key)
}

/**
 * Reads JSON into a map, with maps and lists that it owns. What is no object at the top becomes the value of the key
 * "default". Gives `undefined` for what is no JSON, or is nested too deep. The text may come from anybody: nothing throws.
 */
export function mapFromJson(text: string): DsMap | undefined {
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    // Not JSON, or deeper than the platform can go.
    return undefined
  }
  if (isTooDeep(value)) return undefined
  if (isObject(value) && !Array.isArray(value)) return membersToMap(membersOf(value))
  return membersToMap([['default', value]])
}

function membersToMap(members: readonly [name: string, value: unknown][]): DsMap {
  const map = createDsMap()
  for (const [name, member] of members) {
    const { value, owned } = heldFromJson(member)
    setEntry(map, name, value, owned)
  }
  return map
}

function valuesToList(values: readonly unknown[]): DsList {
  const list = createDsList()
  for (const item of values) {
    const { value, owned } = heldFromJson(item)
    addItem(list, value, owned)
  }
  return list
}

function heldFromJson(value: unknown): Held {
  if (value === null) return { value: undefined, owned: undefined }
  if (Array.isArray(value)) return { value: addList(valuesToList(value)), owned: 'list' }
  if (isObject(value)) return { value: addMap(membersToMap(membersOf(value))), owned: 'map' }
  return { value: typeof value === 'string' ? stringFromJson(value) : value, owned: undefined }
}
