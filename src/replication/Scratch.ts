import { type BitMark } from '../bits/BitWriter.ts'
import { createPlaceQueue, type PlaceQueue } from './PlaceQueue.ts'
import { createSlotSet, type SlotSet } from './SlotSet.ts'

/** What is used while a snapshot is made, by all clients one after the other. */
export interface Scratch {
  readonly set: SlotSet
  slots: Uint32Array
  /** Places of visible pairs that are to be sent. */
  due: Uint32Array
  dueCount: number
  readonly queue: PlaceQueue
  readonly mark: BitMark
  /** The baseline of the packet: its tick, row and how many snapshots ago; tick 0 for none. */
  baseline: number
  baselineRow: number
  baselineBack: number
}

export function createScratch(): Scratch {
  return {
    set: createSlotSet(),
    slots: new Uint32Array(0),
    due: new Uint32Array(0),
    dueCount: 0,
    queue: createPlaceQueue(),
    mark: { at: 0, held: 0, heldBits: 0 },
    baseline: 0,
    baselineRow: -1,
    baselineBack: 0,
  }
}
