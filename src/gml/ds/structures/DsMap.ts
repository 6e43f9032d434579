import { untilNul } from '../../../buffer/utf8.ts'

/** What an owned child is. */
export type ChildKind = 'map' | 'list'

/** One key with its value. Entries are linked in the order in which their keys were added. */
export interface DsEntry {
  readonly key: unknown
  value: unknown
  /** What the value is the handle of, if that structure belongs to this map: it ends with the map, and is a part of its JSON. */
  owned: ChildKind | undefined
  previous: DsEntry | undefined
  next: DsEntry | undefined
}

/**
 * GameMaker's ds_map: keys and values of any type, in the order in which keys were added. Keys are the same as `comparable`
 * says: 5 and "5" differ, 5 and 5n do not, arrays and objects are themselves only, and a string ends at its first NUL.
 */
export interface DsMap {
  /** By what `comparable` returns for the key. */
  readonly entries: Map<unknown, DsEntry>
  first: DsEntry | undefined
  last: DsEntry | undefined
}

/** Makes an empty map. */
export function createDsMap(): DsMap {
  return { entries: new Map(), first: undefined, last: undefined }
}

/**
 * A value that is `===` for all that are the same in GML, where an int64, here a bigint, is equal to a real that holds it
 * exactly, and a string ends at its first NUL.
 */
export function comparable(value: unknown): unknown {
  if (typeof value === 'string') return untilNul(value)
  if (typeof value !== 'bigint') return value
  const real = Number(value)
  return Number.isFinite(real) && BigInt(real) === value ? real : value
}

/** The entry of a key, or `undefined`. */
export function findEntry({ entries }: DsMap, key: unknown): DsEntry | undefined {
  return entries.get(comparable(key))
}

/** Sets a key's value. A key that is there keeps its place; what it owned is not owned any more. */
export function setEntry(map: DsMap, key: unknown, value: unknown, owned?: ChildKind): void {
  const known = findEntry(map, key)
  if (known === undefined) appendEntry(map, key, value, owned)
  else {
    known.value = value
    known.owned = owned
  }
}

/** Adds a key. Gives false and changes nothing if it is there. */
export function addEntry(map: DsMap, key: unknown, value: unknown, owned?: ChildKind): boolean {
  if (findEntry(map, key) !== undefined) return false
  appendEntry(map, key, value, owned)
  return true
}

function appendEntry(map: DsMap, key: unknown, value: unknown, owned: ChildKind | undefined): void {
  const { last } = map
  const own = comparable(key)
  // A Map takes -0 for 0. A bigint stays one.
  const ownKey = key === 0 ? 0 : typeof key === 'string' ? own : key
  const entry: DsEntry = { key: ownKey, value, owned, previous: last, next: undefined }
  if (last === undefined) map.first = entry
  else last.next = entry
  map.last = entry
  map.entries.set(own, entry)
}

/** Takes a key out. Gives false if it is not there. */
export function deleteEntry(map: DsMap, key: unknown): boolean {
  const entry = findEntry(map, key)
  if (entry === undefined) return false
  const { previous, next } = entry
  if (previous === undefined) map.first = next
  else previous.next = next
  if (next === undefined) map.last = previous
  else next.previous = previous
  return map.entries.delete(comparable(key))
}

/** Takes all keys out. */
export function clearEntries(map: DsMap): void {
  map.entries.clear()
  map.first = undefined
  map.last = undefined
}

/** Makes a map hold what another holds, and nothing else. Values are not copied, so both then own the same children. */
export function copyEntries(target: DsMap, source: DsMap): void {
  if (target === source) return
  clearEntries(target)
  for (const { key, value, owned } of source.entries.values())
    appendEntry(target, key, value, owned)
}
