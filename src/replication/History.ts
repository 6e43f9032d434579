import { type Schema } from './Schema.ts'

/** Rows at most: snapshots that a server keeps. */
export const historyMax = 32

/**
 * A ring of rows, one for each tick that has a snapshot: the quantised values of entities at that tick.
 *
 * `ints[row]` holds `schema.intWidth` integers for each entity, `texts[row]` `schema.textWidth` texts, one entity
 * after the other: integer `field.intAt` of entity `index` is `ints[row][index * schema.intWidth + field.intAt]`. On a
 * server the index is the slot, on a client the index of the replica. A row's arrays are replaced when they grow: take
 * them again after `ensureIndex`.
 */
export interface History {
  readonly schema: Schema
  readonly rows: number
  /** Entities that there is room for. */
  capacity: number
  readonly ints: Int32Array[]
  readonly texts: string[][]
  /** The tick of each row; 0 for one that holds nothing. */
  readonly ticks: Uint32Array
  /** The rows from the newest tick to the oldest. */
  readonly order: Uint8Array
  /** Rows in use. */
  count: number
}

/**
 * Makes a history without entities.
 *
 * @param spare rows behind those of the ring
 */
export function createHistory(schema: Schema, rows: number, spare: number = 0): History {
  return {
    schema,
    rows,
    capacity: 0,
    ints: Array.from({ length: rows + spare }, () => new Int32Array(0)),
    texts: Array.from({ length: rows + spare }, () => []),
    ticks: new Uint32Array(rows),
    order: new Uint8Array(rows),
    count: 0,
  }
}

/** Makes room for an entity in all rows. It grows by a quarter, so that few of what it takes is empty. */
export function ensureIndex(history: History, index: number): void {
  if (index < history.capacity) return
  const capacity = Math.max(index + 1, Math.ceil(history.capacity * 1.25), 16)
  const { intWidth, textWidth } = history.schema
  for (let row = 0; row < history.ints.length; row++) {
    const grown = new Int32Array(capacity * intWidth)
    grown.set(history.ints[row]!)
    history.ints[row] = grown
    const texts = history.texts[row]!
    while (texts.length < capacity * textWidth) texts.push('')
  }
  history.capacity = capacity
}

/** The row of a tick, or −1. */
export function rowOf(history: History, tick: number): number {
  const { order, ticks, count } = history
  for (let age = 0; age < count; age++) {
    const row = order[age]!
    if (ticks[row] === tick) return row
  }
  return -1
}

/**
 * Takes the row of the oldest tick, or one that is free, for a tick. Ticks are above 0.
 *
 * @returns the row, or −1 if the tick is older than all of a full ring
 */
export function insertRow(history: History, tick: number): number {
  const { order, ticks, rows } = history
  let row = history.count
  if (row === rows) {
    row = order[rows - 1]!
    if (ticks[row]! >= tick) return -1
  } else history.count++
  let at = history.count - 1
  for (; at > 0 && ticks[order[at - 1]!]! < tick; at--) order[at] = order[at - 1]!
  order[at] = row
  ticks[row] = tick
  return row
}
