import { type Schema } from './Schema.ts'

/** A snapshot that is being read: nothing of it counts before its last bit was right. */
export interface Draft {
  sequence: number
  clientSequence: number
  heldMs: number
  tick: number
  isComplete: boolean
  /** Chunks, slots ascending. */
  count: number
  slots: Uint32Array
  /** The net id of a chunk that is whole; 0 for a difference. */
  netIds: Uint32Array
  /** The tick up to which the values before these held; 0 for a whole chunk. */
  heldTo: Uint32Array
  /** The entity of each chunk, as in a row of `History`; where that has the owner, 1 if the client owns it. */
  ints: Int32Array
  texts: string[]
  goneCount: number
  gone: Uint32Array
}

export function createDraft(): Draft {
  return {
    sequence: 0,
    clientSequence: 0,
    heldMs: 0,
    tick: 0,
    isComplete: false,
    count: 0,
    slots: new Uint32Array(0),
    netIds: new Uint32Array(0),
    heldTo: new Uint32Array(0),
    ints: new Int32Array(0),
    texts: [],
    goneCount: 0,
    gone: new Uint32Array(0),
  }
}

/** Makes room for one chunk more. */
export function ensureChunk(draft: Draft, { intWidth, textWidth }: Schema): void {
  const { count } = draft
  if (count >= draft.slots.length) {
    const size = Math.ceil((count + 16) * 1.25)
    draft.slots = grow(draft.slots, size)
    draft.netIds = grow(draft.netIds, size)
    draft.heldTo = grow(draft.heldTo, size)
    const ints = new Int32Array(size * intWidth)
    ints.set(draft.ints)
    draft.ints = ints
  }
  while (draft.texts.length < (count + 1) * textWidth) draft.texts.push('')
}

export function addDraftGone(draft: Draft, netId: number): void {
  if (draft.goneCount >= draft.gone.length)
    draft.gone = grow(draft.gone, Math.ceil((draft.goneCount + 16) * 1.25))
  draft.gone[draft.goneCount++] = netId
}

function grow(array: Uint32Array, size: number): Uint32Array {
  const grown = new Uint32Array(size)
  grown.set(array)
  return grown
}
