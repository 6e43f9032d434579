// What a server replicates: the entities with their slots, and their values of the last ticks.

import { checkInteger } from '../errors/argumentErrors.ts'
import { createHistory, ensureIndex, type History, historyMax, insertRow } from './History.ts'
import { slotOf } from './netId.ts'
import { createScratch, type Scratch } from './Scratch.ts'
import { type Schema } from './Schema.ts'
import { createSlotTable, leaveSlot, type SlotTable, takeSlot } from './SlotTable.ts'

/**
 * The server's side, for all clients. In each tick that has a snapshot: `beginTick`, write what the entities hold into
 * the row `source.row`, `endTick`; then for each client `setVisible` and `encodeSnapshot`.
 */
export interface Source {
  readonly schema: Schema
  readonly history: History
  readonly slots: SlotTable
  readonly scratch: Scratch
  /** The tick between `beginTick` and the next; 0 before the first. */
  tick: number
  /** The row of `history` that `tick` is written to. */
  row: number
  /** The tick whose row was taken for `tick`; 0 if that row was free. */
  evicted: number
  /** By slot: the tick of the last change that the owner of the entity sees, and that others see. */
  changedForOwner: Uint32Array
  changedForOthers: Uint32Array
  /** By slot: bit n is set if it changed in the snapshot that is n before `tick`'s. */
  recent: Uint32Array
  /** By slot: the tick of the last change that is older than `recent` reaches. */
  settledAt: Uint32Array
}

/** @param rows snapshots that are kept: 2 to 32 */
export function createSource(schema: Schema, rows: number): Source {
  checkInteger('createSource', 'rows', rows, 2, historyMax)
  return {
    schema,
    history: createHistory(schema, rows),
    slots: createSlotTable(),
    scratch: createScratch(),
    tick: 0,
    row: -1,
    evicted: 0,
    changedForOwner: new Uint32Array(0),
    changedForOthers: new Uint32Array(0),
    recent: new Uint32Array(0),
    settledAt: new Uint32Array(0),
  }
}

/**
 * Adds an entity. It has no components until they are written with `setMask` in a tick.
 *
 * @returns its net id, or 0 when there are no slots left
 */
export function addSourceEntity(source: Source): number {
  const netId = takeSlot(source.slots)
  if (netId === 0) return 0
  const slot = slotOf(netId)
  ensureIndex(source.history, slot)
  if (slot >= source.recent.length) growSlots(source)
  // What the last entity of the slot held must not be taken for a value of this one.
  const { intWidth, textWidth } = source.schema
  for (let row = 0; row < source.history.rows; row++) {
    source.history.ints[row]!.fill(0, slot * intWidth, (slot + 1) * intWidth)
    if (textWidth > 0) source.history.texts[row]!.fill('', slot * textWidth, (slot + 1) * textWidth)
  }
  source.recent[slot] = 0
  source.settledAt[slot] = 0
  source.changedForOwner[slot] = 0
  source.changedForOthers[slot] = 0
  return netId
}

/** Removes an entity; its slot rests until no client can hold it. It leaves the clients with their next `setVisible`. */
export function removeSourceEntity(source: Source, netId: number): void {
  leaveSlot(source.slots, netId)
}

/**
 * Begins a tick that has a snapshot: takes a row, and copies into it what the last one holds, so that only what is read
 * of an entity needs to be written.
 *
 * @param tick above the last one, at least 1
 */
export function beginTick(source: Source, tick: number): void {
  checkInteger('beginTick', 'tick', tick, source.tick + 1, 0xffffffff)
  const { history } = source
  const last = source.row
  source.evicted =
    history.count === history.rows ? history.ticks[history.order[history.rows - 1]!]! : 0
  const row = insertRow(history, tick)
  if (last >= 0) {
    history.ints[row]!.set(history.ints[last]!)
    const texts = history.texts[row]!
    const lastTexts = history.texts[last]!
    for (let at = 0; at < texts.length; at++) texts[at] = lastTexts[at]!
  }
  source.tick = tick
  source.row = row
}

/**
 * Writes the component mask and owner of an entity at the tick.
 *
 * @param owner a number of the client that owns it, as `ClientView.client`; 0 for none
 */
export function setMask(
  source: Source,
  slot: number,
  low: number,
  high: number,
  owner: number,
): void {
  const { intWidth, maskWords, ownerAt } = source.schema
  const ints = source.history.ints[source.row]!
  const at = slot * intWidth
  ints[at] = low
  if (maskWords > 1) ints[at + 1] = high
  ints[at + ownerAt] = owner
}

function growSlots(source: Source): void {
  const size = source.slots.alive.length
  for (const name of ['changedForOwner', 'changedForOthers', 'recent', 'settledAt'] as const) {
    const grown = new Uint32Array(size)
    grown.set(source[name])
    source[name] = grown
  }
}
