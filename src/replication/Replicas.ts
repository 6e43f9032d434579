// What a client knows of a server's entities.

import { type BitReader, createBitReader } from '../bits/BitReader.ts'
import { type AckWindow, createAckWindow } from './AckWindow.ts'
import { type Changes, createChanges } from './Changes.ts'
import { createDraft, type Draft } from './Draft.ts'
import { createHistory, ensureIndex, type History } from './History.ts'
import { slotOf } from './netId.ts'
import { type Schema } from './Schema.ts'

/**
 * The client's side: the replicas by index, and their values of the last ticks. An index is a replica's for its life,
 * and until `releaseReplica` after it.
 */
export interface Replicas {
  readonly schema: Schema
  /** By row and index; a row holds only the entities that the packets of its tick had chunks of. */
  readonly history: History
  /** By row, then index: the tick of the values there; 0 for none. The row behind the last of the ring holds of each replica the newest chunk that is older than the ring. */
  readonly stamps: Uint32Array[]
  /** By row, then index: the tick up to which the values before these held. */
  readonly heldTo: Uint32Array[]
  readonly replicasMax: number
  /** The index of each slot's replica. Of one that has gone too, until no packet of before can come. */
  readonly bySlot: Map<number, number>
  /** Slots of which the end came before the beginning, with its tick. */
  readonly goneSlots: Map<number, number>
  /** Indices below this are in use, or in `free`. */
  end: number
  readonly free: number[]
  /** By index. */
  netId: Uint32Array
  /** By index: 1 while it is there. */
  alive: Uint8Array
  /** By index: the tick of its newest chunk, or of its end. */
  lastTick: Uint32Array
  /** By index: its component mask and whether it is owned, as of `lastTick`. */
  maskLow: Uint32Array
  maskHigh: Uint32Array
  owned: Uint8Array
  /** By index: 1 if it is of a connection before, and not confirmed by this one. */
  unconfirmed: Uint8Array
  /** By index: 1 when the caller needs it no longer. */
  released: Uint8Array
  /** Indices of replicas that have gone. */
  readonly dying: number[]
  /** Replicas that are there. */
  count: number
  unconfirmedCount: number
  /** The newest tick of a snapshot; 0 before the first. */
  tick: number
  /** Snapshots of this tick or before come too late. */
  evicted: number
  readonly acks: AckWindow
  /** Snapshots that could not be read, and how many of them came one after the other. */
  malformed: number
  malformedInRow: number
  /** What the last snapshot that was taken has changed. */
  readonly changes: Changes
  readonly reader: BitReader
  readonly draft: Draft
}

/**
 * @param rows snapshots of history: as many as the server keeps
 * @param replicasMax replicas at most; a snapshot with more is malformed
 */
export function createReplicas(
  schema: Schema,
  rows: number,
  replicasMax: number = 65_536,
): Replicas {
  return {
    schema,
    history: createHistory(schema, rows, 1),
    stamps: Array.from({ length: rows + 1 }, () => new Uint32Array(0)),
    heldTo: Array.from({ length: rows + 1 }, () => new Uint32Array(0)),
    replicasMax,
    bySlot: new Map(),
    goneSlots: new Map(),
    end: 0,
    free: [],
    netId: new Uint32Array(0),
    alive: new Uint8Array(0),
    lastTick: new Uint32Array(0),
    maskLow: new Uint32Array(0),
    maskHigh: new Uint32Array(0),
    owned: new Uint8Array(0),
    unconfirmed: new Uint8Array(0),
    released: new Uint8Array(0),
    dying: [],
    count: 0,
    unconfirmedCount: 0,
    tick: 0,
    evicted: 0,
    acks: createAckWindow(),
    malformed: 0,
    malformedInRow: 0,
    changes: createChanges(),
    reader: createBitReader(),
    draft: createDraft(),
  }
}

/** The index of the replica with a net id, or −1. */
export function indexOf(replicas: Replicas, netId: number): number {
  const index = replicas.bySlot.get(slotOf(netId)) ?? -1
  return index >= 0 && replicas.netId[index] === netId && replicas.alive[index] === 1 ? index : -1
}

/**
 * The row with the newest values of a replica at a tick or before, or −1: `history.ticks[row]` is its tick, except of the
 * row behind the ring, of which `stamps[row][index]` is.
 */
export function rowBefore(replicas: Replicas, index: number, tick: number): number {
  const { history, stamps } = replicas
  for (let age = 0; age < history.count; age++) {
    const row = history.order[age]!
    const at = history.ticks[row]!
    if (at <= tick && stamps[row]![index] === at) return row
  }
  const stamp = stamps[history.rows]![index]!
  return stamp > 0 && stamp <= tick ? history.rows : -1
}

/** The row with the oldest values of a replica after a tick, or −1. */
export function rowAfter(replicas: Replicas, index: number, tick: number): number {
  const { history, stamps } = replicas
  for (let age = history.count - 1; age >= 0; age--) {
    const row = history.order[age]!
    const at = history.ticks[row]!
    if (at > tick && stamps[row]![index] === at) return row
  }
  return -1
}

/** The caller needs the values of a replica that has gone no longer: its index is given again when it can be. */
export function releaseReplica(replicas: Replicas, index: number): void {
  replicas.released[index] = 1
}

/**
 * A connection has begun again, to the same server and epoch: replicas stay, but what the first complete snapshot
 * does not confirm goes with it.
 */
export function restartReplicas(replicas: Replicas): void {
  const { history, stamps, acks, changes } = replicas
  history.count = 0
  history.ticks.fill(0)
  for (const row of stamps) row.fill(0)
  replicas.lastTick.fill(0)
  replicas.goneSlots.clear()
  replicas.unconfirmedCount = 0
  for (let index = 0; index < replicas.end; index++) {
    if (replicas.alive[index] === 0) continue
    replicas.unconfirmed[index] = 1
    replicas.unconfirmedCount++
  }
  replicas.tick = 0
  replicas.evicted = 0
  replicas.malformedInRow = 0
  acks.newest = -1
  acks.mask = 0
  changes.count = 0
  changes.goneCount = 0
}

/** Takes an index for a new replica. */
export function takeIndex(replicas: Replicas, netId: number): number {
  const index = replicas.free.pop() ?? replicas.end++
  if (index >= replicas.alive.length) growReplicas(replicas, index + 1)
  // Values of the replica before must not be taken for this one's.
  for (const row of replicas.stamps) row[index] = 0
  replicas.netId[index] = netId
  replicas.alive[index] = 1
  replicas.unconfirmed[index] = 0
  replicas.released[index] = 0
  replicas.bySlot.set(slotOf(netId), index)
  replicas.count++
  return index
}

/** Ends a replica. */
export function endReplica(replicas: Replicas, index: number): void {
  replicas.alive[index] = 0
  replicas.count--
  if (replicas.unconfirmed[index] === 1) replicas.unconfirmedCount--
  replicas.unconfirmed[index] = 0
  replicas.dying.push(index)
}

function growReplicas(replicas: Replicas, least: number): void {
  ensureIndex(replicas.history, least - 1)
  const size = replicas.history.capacity
  for (const name of ['netId', 'lastTick', 'maskLow', 'maskHigh'] as const)
    replicas[name] = grow32(replicas[name], size)
  for (const name of ['alive', 'owned', 'unconfirmed', 'released'] as const) {
    const grown = new Uint8Array(size)
    grown.set(replicas[name])
    replicas[name] = grown
  }
  const { stamps, heldTo } = replicas
  for (let row = 0; row < stamps.length; row++) {
    stamps[row] = grow32(stamps[row]!, size)
    heldTo[row] = grow32(heldTo[row]!, size)
  }
}

function grow32(array: Uint32Array, size: number): Uint32Array {
  const grown = new Uint32Array(size)
  grown.set(array)
  return grown
}
