/**
 * What a snapshot changes of the replicas, in parallel arrays: first `count` entries for replicas that are new or have
 * changed, slots ascending, then `goneCount` indices of replicas that have gone. Valid until the next snapshot.
 */
export interface Changes {
  count: number
  /** The row of `replicas.history` that the values are in. */
  row: number
  tick: number
  /** Whether it is the newest snapshot so far. */
  isNewest: boolean
  /** Whether the client has all that it should have now. */
  isComplete: boolean
  sequence: number
  /** The newest sequence of the client's own that the server knew, and the ms since it had come. */
  clientSequence: number
  heldMs: number
  /** 1 for a new replica. */
  isNew: Uint8Array
  index: Uint32Array
  /** The component masks before and now. */
  oldLow: Uint32Array
  oldHigh: Uint32Array
  low: Uint32Array
  high: Uint32Array
  /** The components that are new or whose values differ from what the replica had. */
  changedLow: Uint32Array
  changedHigh: Uint32Array
  /** 1 if this client owned it before, and owns it now. */
  wasOwned: Uint8Array
  owned: Uint8Array
  goneCount: number
  gone: Uint32Array
}

export function createChanges(): Changes {
  return {
    count: 0,
    row: -1,
    tick: 0,
    isNewest: false,
    isComplete: false,
    sequence: 0,
    clientSequence: 0,
    heldMs: 0,
    isNew: new Uint8Array(0),
    index: new Uint32Array(0),
    oldLow: new Uint32Array(0),
    oldHigh: new Uint32Array(0),
    low: new Uint32Array(0),
    high: new Uint32Array(0),
    changedLow: new Uint32Array(0),
    changedHigh: new Uint32Array(0),
    wasOwned: new Uint8Array(0),
    owned: new Uint8Array(0),
    goneCount: 0,
    gone: new Uint32Array(0),
  }
}

/** Makes room for so many entries, of which there are none. */
export function clearChanges(changes: Changes, size: number, goneSize: number): void {
  changes.count = 0
  changes.goneCount = 0
  if (goneSize > changes.gone.length) changes.gone = new Uint32Array(Math.ceil(goneSize * 1.25))
  if (size <= changes.index.length) return
  const room = Math.ceil(size * 1.25)
  changes.isNew = new Uint8Array(room)
  changes.index = new Uint32Array(room)
  changes.oldLow = new Uint32Array(room)
  changes.oldHigh = new Uint32Array(room)
  changes.low = new Uint32Array(room)
  changes.high = new Uint32Array(room)
  changes.changedLow = new Uint32Array(room)
  changes.changedHigh = new Uint32Array(room)
  changes.wasOwned = new Uint8Array(room)
  changes.owned = new Uint8Array(room)
}
