import { noteArrival } from './AckWindow.ts'
import { applyChunk, applyGone, dropUnconfirmed } from './applyDraft.ts'
import { clearChanges } from './Changes.ts'
import { readSnapshot, type SnapshotResult } from './readSnapshot.ts'
import { type Replicas } from './Replicas.ts'
import { takeRow } from './takeRow.ts'

/**
 * Takes a snapshot, from behind its envelope. If every bit of it was right, `replicas` are as it says, and
 * `replicas.changes` has what has changed; else nothing has.
 *
 * Of each slot what has the newest tick counts, whatever the order in which it comes: a late packet changes only
 * replicas of which nothing newer is known.
 */
export function decodeSnapshot(
  replicas: Replicas,
  bytes: Uint8Array,
  start: number,
): SnapshotResult {
  const result = readSnapshot(replicas, bytes, start)
  if (result === 'malformed') {
    replicas.malformed++
    replicas.malformedInRow++
  }
  if (result !== 'ok') return result
  replicas.malformedInRow = 0
  const { draft, changes, acks } = replicas
  noteArrival(acks, draft.sequence)
  clearChanges(changes, draft.count, draft.goneCount + draft.count + replicas.unconfirmedCount)
  changes.tick = draft.tick
  changes.sequence = draft.sequence
  changes.clientSequence = draft.clientSequence
  changes.heldMs = draft.heldMs
  changes.isNewest = draft.tick > replicas.tick
  changes.isComplete = changes.isNewest && draft.isComplete
  if (changes.isNewest) replicas.tick = draft.tick
  changes.row = takeRow(replicas, draft.tick)
  for (let at = 0; at < draft.goneCount; at++) applyGone(replicas, draft.gone[at]!)
  for (let chunk = 0; chunk < draft.count; chunk++) applyChunk(replicas, chunk)
  if (changes.isComplete && replicas.unconfirmedCount > 0) dropUnconfirmed(replicas)
  return 'ok'
}
