// Slots: dense numbers of entities, given again with the next generation.

import { generationMax, generationOf, netIdOf, slotMask, slotOf } from './netId.ts'

/** Which slots there are and who may still know their entities. */
export interface SlotTable {
  /** Slots below this have been given at least once. Slot 0 is never given. */
  end: number
  /** By slot: the generation of its entity, or of its last. */
  generations: Uint16Array
  /** By slot: 1 while its entity is there. */
  alive: Uint8Array
  /** By slot: how many clients may hold its entity. */
  holders: Uint32Array
  /** Slots that can be given, the next one last. */
  readonly free: number[]
  /** Entities that are there. */
  count: number
}

export function createSlotTable(): SlotTable {
  return {
    end: 1,
    generations: new Uint16Array(0),
    alive: new Uint8Array(0),
    holders: new Uint32Array(0),
    free: [],
    count: 0,
  }
}

/** Takes a slot for an entity. Returns its net id, or 0 when there are no slots left. */
export function takeSlot(table: SlotTable): number {
  let slot = table.free.pop()
  if (slot === undefined) {
    if (table.end > slotMask) return 0
    slot = table.end++
    if (slot >= table.alive.length) grow(table)
  }
  table.alive[slot] = 1
  table.count++
  return netIdOf(slot, table.generations[slot]!)
}

/** Whether the entity of a net id is there. */
export function isTaken(table: SlotTable, netId: number): boolean {
  const slot = slotOf(netId)
  return table.alive[slot] === 1 && table.generations[slot] === generationOf(netId)
}

/** The entity of this net id has gone. Its slot is given again when no client holds it. */
export function leaveSlot(table: SlotTable, netId: number): void {
  if (!isTaken(table, netId)) return
  const slot = slotOf(netId)
  table.alive[slot] = 0
  table.count--
  rest(table, slot)
}

/** A client may hold the entity of a slot from now on. */
export function holdSlot(table: SlotTable, slot: number): void {
  table.holders[slot]!++
}

/** A client no longer holds the entity of a slot. */
export function releaseSlot(table: SlotTable, slot: number): void {
  table.holders[slot]!--
  if (table.alive[slot] === 0) rest(table, slot)
}

/** Gives a slot free unless somebody holds it. One whose generations are used up never comes back. */
function rest(table: SlotTable, slot: number): void {
  if (table.holders[slot]! > 0 || table.generations[slot] === generationMax) return
  table.generations[slot]!++
  table.free.push(slot)
}

function grow(table: SlotTable): void {
  const size = Math.max(64, Math.ceil(table.end * 1.25))
  const generations = new Uint16Array(size)
  generations.set(table.generations)
  const alive = new Uint8Array(size)
  alive.set(table.alive)
  const holders = new Uint32Array(size)
  holders.set(table.holders)
  Object.assign(table, { generations, alive, holders })
}
