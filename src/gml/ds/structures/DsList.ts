import { type ChildKind } from './DsMap.ts'

/** One value of a list. */
interface DsItem {
  readonly value: unknown
  /** What the value is the handle of, if that structure belongs to this list. */
  readonly owned: ChildKind | undefined
}

/** GameMaker's ds_list: values of any type, by position from 0. */
export interface DsList {
  readonly items: DsItem[]
}

/** Makes an empty list. */
export function createDsList(): DsList {
  return { items: [] }
}

/** Adds a value at the end. */
export function addItem({ items }: DsList, value: unknown, owned?: ChildKind): void {
  items.push({ value, owned })
}

/**
 * Sets the value at a position. A list that ends before it gets zeros up to there. What was owned there is not owned any
 * more.
 */
export function setItem({ items }: DsList, position: number, value: unknown): void {
  while (items.length < position) items.push({ value: 0, owned: undefined })
  items[position] = { value, owned: undefined }
}

/** Adds a value at a position of the list; those from there on move down, with what is owned there. */
export function insertItem({ items }: DsList, position: number, value: unknown): void {
  items.splice(position, 0, { value, owned: undefined })
}

/** Makes a structure whose handle is the value at a position of the list belong to it. */
export function ownItem({ items }: DsList, position: number, owned: ChildKind): void {
  const item = items[position]
  if (item !== undefined) items[position] = { value: item.value, owned }
}

/** Takes a value out; those after it move up. Gives false if there is none at this position. */
export function deleteItem({ items }: DsList, position: number): boolean {
  return items.splice(position, 1).length > 0
}

/** Takes all values out. */
export function clearItems({ items }: DsList): void {
  items.length = 0
}

/** Makes a list hold what another holds, and nothing else. Both then own the same children. */
export function copyItems(target: DsList, source: DsList): void {
  if (target === source) return
  clearItems(target)
  for (const item of source.items) target.items.push(item)
}
