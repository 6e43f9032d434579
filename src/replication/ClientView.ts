// What a server knows of one client.

import { checkInteger } from '../errors/argumentErrors.ts'
import { slotOf } from './netId.ts'
import { releaseSlot } from './SlotTable.ts'
import { type Source } from './Source.ts'

/** Packets that can be acknowledged: the newest ones. */
export const packetsMax = 64

export interface ClientViewOptions {
  /** The client's number, as owners are given to `setMask`: 1 or more. */
  readonly client: number
  /** Whether packets arrive in order and none is lost: then nothing waits for acknowledgements. */
  readonly isOrdered: boolean
  /** Bytes of a snapshot with its envelope, after which no further entity begins. The first one always goes. */
  readonly bytesMax: number
  /** The session of datagrams; without it packets have none. */
  readonly session?: number | undefined
}

/**
 * What a server knows of one client: the entities that it sees, in typed arrays by place, slots ascending; and those
 * that it may still hold although it must not.
 */
export interface ClientView {
  readonly client: number
  readonly isOrdered: boolean
  readonly session: number | undefined
  bytesMax: number
  readonly visible: Visible
  readonly gone: Gone
  /** Packets made. The next one has this number, of which 16 bits are on the wire. */
  sent: number
  /** The tick that packets name as their baseline: of the last one (ordered), of the newest acknowledged one. 0 for none. */
  baseline: number
  /** By number of a packet, below `packetsMax`: its tick. */
  readonly packetTicks: Uint32Array
  /** The packets whose acknowledgement is awaited, and those taken for lost: a bit each, the low 32 and the high 32. */
  readonly awaited: Uint32Array
  readonly lost: Uint32Array
  /** After a snapshot: entities whose turn has not come, and whether the client has all that it should have. */
  waiting: number
  isComplete: boolean
}

/** A pair of a client and an entity that it sees: 24 bytes, on ordered links 16. */
export interface Visible {
  count: number
  netId: Uint32Array
  /** The tick of the newest chunk that the client holds for certain; 0 for none. */
  ackedAt: Uint32Array
  /** The tick of the newest chunk that was sent; 0 for none. */
  sentAt: Uint32Array
  /** Priority that has added up while it waited. */
  waited: Float32Array
  /** Which of the last 64 packets carried it. Empty on ordered links. */
  carriedLow: Uint32Array
  carriedHigh: Uint32Array
}

/** Entities that a client must no longer hold. */
export interface Gone {
  count: number
  netId: Uint32Array
  sentAt: Uint32Array
  carriedLow: Uint32Array
  carriedHigh: Uint32Array
}

export function createClientView({
  client,
  isOrdered,
  bytesMax,
  session,
}: ClientViewOptions): ClientView {
  checkInteger('createClientView', 'client', client, 1, 0x7fffffff)
  checkInteger('createClientView', 'bytesMax', bytesMax, 64, 1 << 17)
  return {
    client,
    isOrdered,
    session,
    bytesMax,
    visible: {
      count: 0,
      netId: new Uint32Array(0),
      ackedAt: new Uint32Array(0),
      sentAt: new Uint32Array(0),
      waited: new Float32Array(0),
      carriedLow: new Uint32Array(0),
      carriedHigh: new Uint32Array(0),
    },
    gone: {
      count: 0,
      netId: new Uint32Array(0),
      sentAt: new Uint32Array(0),
      carriedLow: new Uint32Array(0),
      carriedHigh: new Uint32Array(0),
    },
    sent: 0,
    baseline: 0,
    packetTicks: new Uint32Array(packetsMax),
    awaited: new Uint32Array(2),
    lost: new Uint32Array(2),
    waiting: 0,
    isComplete: false,
  }
}

/** The client has left: slots no longer wait for it. */
export function closeClientView({ slots }: Source, { visible, gone }: ClientView): void {
  for (let at = 0; at < visible.count; at++) releaseSlot(slots, slotOf(visible.netId[at]!))
  for (let at = 0; at < gone.count; at++) releaseSlot(slots, slotOf(gone.netId[at]!))
  visible.count = 0
  gone.count = 0
}

/** Makes room for pairs. */
export function ensureVisible(visible: Visible, count: number, isOrdered: boolean): void {
  if (count <= visible.netId.length) return
  const size = Math.max(count, Math.ceil(visible.netId.length * 1.25), 16)
  visible.netId = grow(visible.netId, size)
  visible.ackedAt = grow(visible.ackedAt, size)
  visible.sentAt = grow(visible.sentAt, size)
  const waited = new Float32Array(size)
  waited.set(visible.waited)
  visible.waited = waited
  if (isOrdered) return
  visible.carriedLow = grow(visible.carriedLow, size)
  visible.carriedHigh = grow(visible.carriedHigh, size)
}

/** Adds an entity to those that the client must no longer hold. */
export function addGone(gone: Gone, netId: number): void {
  const at = gone.count++
  if (at >= gone.netId.length) {
    const size = Math.max(16, Math.ceil(gone.count * 1.25))
    gone.netId = grow(gone.netId, size)
    gone.sentAt = grow(gone.sentAt, size)
    gone.carriedLow = grow(gone.carriedLow, size)
    gone.carriedHigh = grow(gone.carriedHigh, size)
  }
  gone.netId[at] = netId
  gone.sentAt[at] = 0
  gone.carriedLow[at] = 0
  gone.carriedHigh[at] = 0
}

/** Takes the entry of a place out; the last one comes to its place. */
export function removeGone(gone: Gone, at: number): void {
  const last = --gone.count
  gone.netId[at] = gone.netId[last]!
  gone.sentAt[at] = gone.sentAt[last]!
  gone.carriedLow[at] = gone.carriedLow[last]!
  gone.carriedHigh[at] = gone.carriedHigh[last]!
}

function grow(array: Uint32Array, size: number): Uint32Array {
  const grown = new Uint32Array(size)
  grown.set(array)
  return grown
}
