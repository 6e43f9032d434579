import { isAtEnd, readBits, startBits } from '../bits/BitReader.ts'
import { readVu } from '../bits/vu.ts'
import { isExpected } from './AckWindow.ts'
import { ChunkForm } from './ChunkForm.ts'
import { addDraftGone, type Draft, ensureChunk } from './Draft.ts'
import { messageBytesMax } from './envelope.ts'
import { netIdOf, slotMask } from './netId.ts'
import { readEntity, readEntityDifference } from './readChunk.ts'
import { type Replicas, rowBefore } from './Replicas.ts'
import { readNetId } from './wireNetId.ts'

/**
 * What became of a snapshot: read; or dropped without effect because it was not well-formed, had come before or too
 * late, or is a difference to a tick whose values are not held.
 */
export type SnapshotResult = 'ok' | 'malformed' | 'duplicate' | 'late' | 'unheld'

/** Reads a snapshot into the draft, from behind its envelope. Changes nothing else. */
export function readSnapshot(replicas: Replicas, bytes: Uint8Array, start: number): SnapshotResult {
  const { reader, draft } = replicas
  if (bytes.length > messageBytesMax) return 'malformed'
  startBits(reader, bytes, start)
  draft.sequence = readBits(reader, 16)
  draft.clientSequence = readBits(reader, 16)
  draft.heldMs = readBits(reader, 16)
  draft.tick = readBits(reader, 32)
  draft.isComplete = readBits(reader, 1) === 1
  const age = readVu(reader)
  if (reader.failed || age >= draft.tick) return 'malformed'
  if (!isExpected(replicas.acks, draft.sequence)) return 'duplicate'
  if (isTooLate(replicas, draft.tick)) return 'late'
  if (!readGone(replicas, draft)) return 'malformed'
  const result = readChunks(replicas, age === 0 ? 0 : draft.tick - age)
  return result === 'ok' && !isAtEnd(reader) ? 'malformed' : result
}

/** Whether a tick is older than all that there is room for. */
function isTooLate({ history, evicted }: Replicas, tick: number): boolean {
  const isFull = history.count === history.rows
  return tick <= evicted || (isFull && tick < history.ticks[history.order[history.rows - 1]!]!)
}

function readGone({ reader, replicasMax, goneSlots }: Replicas, draft: Draft): boolean {
  draft.goneCount = 0
  const count = readVu(reader)
  if (goneSlots.size + count > 2 * replicasMax) return false
  for (let at = 0; at < count && !reader.failed; at++) {
    const netId = readNetId(reader)
    if (netId === 0) return false
    addDraftGone(draft, netId)
  }
  return !reader.failed
}

function readChunks(replicas: Replicas, packetBaseline: number): SnapshotResult {
  const { reader, draft, schema, bySlot, replicasMax } = replicas
  draft.count = 0
  let last = -1
  let created = 0
  while (!reader.failed) {
    const form = readBits(reader, 2)
    if (form === ChunkForm.end) return reader.failed ? 'malformed' : 'ok'
    const slot = last + 1 + readVu(reader)
    if (slot > slotMask || slot === 0) return 'malformed'
    last = slot
    ensureChunk(draft, schema)
    const chunk = draft.count++
    draft.slots[chunk] = slot
    if (form === ChunkForm.whole) {
      if (!bySlot.has(slot)) created++
      if (bySlot.size + created > replicasMax) return 'malformed'
      readWholeChunk(replicas, chunk, slot)
      continue
    }
    const age = form === ChunkForm.ownBaseline ? readVu(reader) : 0
    const tick = form === ChunkForm.ownBaseline ? draft.tick - age : packetBaseline
    if (reader.failed || tick <= 0 || tick >= draft.tick) return 'malformed'
    if (!readDifferenceChunk(replicas, chunk, slot, tick)) return 'unheld'
  }
  return 'malformed'
}

function readWholeChunk({ reader, draft, schema }: Replicas, chunk: number, slot: number): void {
  draft.netIds[chunk] = netIdOf(slot, readBits(reader, 12))
  draft.heldTo[chunk] = 0
  const { intWidth, textWidth } = schema
  readEntity(reader, schema, draft.ints, chunk * intWidth, draft.texts, chunk * textWidth)
}

/** Returns whether the values of the baseline are held. */
function readDifferenceChunk(
  replicas: Replicas,
  chunk: number,
  slot: number,
  tick: number,
): boolean {
  const { reader, draft, schema, history, bySlot } = replicas
  const index = bySlot.get(slot)
  if (index === undefined) return false
  const row = rowBefore(replicas, index, tick)
  if (row < 0) return false
  draft.netIds[chunk] = 0
  draft.heldTo[chunk] = tick
  const { intWidth, textWidth } = schema
  readEntityDifference(
    reader,
    schema,
    history.ints[row]!,
    index * intWidth,
    history.texts[row]!,
    index * textWidth,
    draft.ints,
    chunk * intWidth,
    draft.texts,
    chunk * textWidth,
  )
  return true
}
