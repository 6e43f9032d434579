import {
  alignBits,
  type BitWriter,
  bitsWritten,
  markBits,
  rewindBits,
  writeBits,
} from '../bits/BitWriter.ts'
import { writeVu } from '../bits/vu.ts'
import { ChunkForm } from './ChunkForm.ts'
import { chooseChunks } from './chooseChunks.ts'
import { type ClientView, packetsMax } from './ClientView.ts'
import { MessageKind, tag } from './envelope.ts'
import { settleGone, writeGone } from './goneEntities.ts'
import { rowOf } from './History.ts'
import { slotOf } from './netId.ts'
import { type SnapshotOptions } from './SnapshotOptions.ts'
import { isInSet } from './SlotSet.ts'
import { type Source } from './Source.ts'
import { writeChunk } from './writeChunk.ts'

/** The end of a snapshot takes 2 bits, and the last byte is filled. */
const endBits = 2

/**
 * Writes a snapshot for a client, envelope included: after `endTick` and `setVisible`. The writer must stand at a whole
 * byte, and hold `messageBytesMax` bytes more. Sets `view.waiting` and `view.isComplete`.
 *
 * @returns the number of the packet
 */
export function encodeSnapshot(
  source: Source,
  view: ClientView,
  writer: BitWriter,
  options: SnapshotOptions,
): number {
  const { scratch, tick } = source
  const start = writer.at
  const limit = (start + view.bytesMax) * 8 - endBits
  const number = view.sent++
  writeHead(writer, view, number, tick, options)
  const flagsAt = writer.at
  chooseBaseline(source, view)
  writeBits(writer, 0, 1)
  writeVu(writer, scratch.baseline === 0 ? 0 : tick - scratch.baseline)
  const goneLeft = writeGone(
    view,
    writer,
    tick,
    number,
    options,
    (limit - bitsWritten(writer)) >> 1,
  )
  const unknown = findDue(source, view, number, options.resendTicks)
  const sentCount = writeChunks(source, view, writer, number, limit, options)
  writeBits(writer, ChunkForm.end, 2)
  view.waiting = scratch.dueCount - sentCount
  view.isComplete = view.waiting === 0 && goneLeft === 0 && unknown === 0
  // The bit is the lowest of its byte; it may not have left the writer's held bits before.
  alignBits(writer)
  if (view.isComplete) writer.bytes[flagsAt]! |= 1
  notePacket(source, view, number)
  return number
}

function writeHead(
  writer: BitWriter,
  { session }: ClientView,
  number: number,
  tick: number,
  { clientSequence, heldMs }: SnapshotOptions,
): void {
  writeBits(writer, tag, 32)
  writeBits(writer, MessageKind.snapshot, 8)
  if (session !== undefined) writeBits(writer, session, 32)
  writeBits(writer, number, 16)
  writeBits(writer, clientSequence, 16)
  writeBits(writer, Math.min(heldMs, 0xffff), 16)
  writeBits(writer, tick, 32)
}

/** The packet's baseline is the view's, if it is still in the history. */
function chooseBaseline({ history, scratch, tick }: Source, { baseline }: ClientView): void {
  scratch.baselineRow = baseline > 0 && baseline < tick ? rowOf(history, baseline) : -1
  scratch.baseline = scratch.baselineRow < 0 ? 0 : baseline
  scratch.baselineBack = 0
  if (scratch.baselineRow < 0) return
  while (history.order[scratch.baselineBack] !== scratch.baselineRow) scratch.baselineBack++
}

/**
 * Lists the pairs that are to be sent: what has changed since the client had it, unless that is on its way.
 *
 * @returns how many the client may not know at all although they are not listed
 */
function findDue(
  source: Source,
  { visible, client, isOrdered }: ClientView,
  number: number,
  resendTicks: number,
): number {
  const { scratch, schema, history, tick, changedForOwner, changedForOthers } = source
  const ints = history.ints[source.row]!
  const { intWidth, ownerAt } = schema
  const { count, netId, ackedAt, sentAt } = visible
  if (scratch.due.length < count) scratch.due = new Uint32Array(Math.ceil(count * 1.25))
  const { due } = scratch
  let dueCount = 0
  let unknown = 0
  for (let at = 0; at < count; at++) {
    const slot = slotOf(netId[at]!)
    const isOwned = ints[slot * intWidth + ownerAt] === client
    const changedAt = isOwned ? changedForOwner[slot]! : changedForOthers[slot]!
    const acked = ackedAt[at]!
    if (changedAt <= acked) continue
    const sent = sentAt[at]!
    if (isOrdered || changedAt > sent || tick - sent >= resendTicks) due[dueCount++] = at
    else if (acked === 0) unknown++
  }
  scratch.dueCount = dueCount
  if (!isOrdered) forgetPacket(visible, number)
  return unknown
}

/** The number comes again after 64 packets: who the last one of this number carried is forgotten. */
function forgetPacket(
  { count, carriedLow, carriedHigh }: ClientView['visible'],
  number: number,
): void {
  const carried = (number & 32) === 0 ? carriedLow : carriedHigh
  const kept = ~(1 << (number & 31))
  for (let at = 0; at < count; at++) carried[at]! &= kept
}

/** Writes what is due: all of it, or what the budget holds. Returns how many. */
function writeChunks(
  source: Source,
  view: ClientView,
  writer: BitWriter,
  number: number,
  limit: number,
  options: SnapshotOptions,
): number {
  const { scratch } = source
  const { due, dueCount, mark } = scratch
  const { netId, ackedAt } = view.visible
  markBits(writer, mark)
  let last = -1
  let written = 0
  for (; written < dueCount; written++) {
    const at = due[written]!
    const slot = slotOf(netId[at]!)
    writeChunk(writer, source, view.client, netId[at]!, slot - last - 1, ackedAt[at]!)
    if (bitsWritten(writer) > limit && dueCount > 1) break
    last = slot
  }
  if (written === dueCount) {
    for (let index = 0; index < dueCount; index++) noteSent(source, view, due[index]!, number)
    return dueCount
  }
  rewindBits(writer, mark)
  return writeChosen(source, view, writer, number, limit, options)
}

function writeChosen(
  source: Source,
  view: ClientView,
  writer: BitWriter,
  number: number,
  limit: number,
  options: SnapshotOptions,
): number {
  const { scratch, slots } = source
  const { due, dueCount } = scratch
  const { netId, ackedAt } = view.visible
  chooseChunks(source, view, writer, limit, options)
  let last = -1
  let count = 0
  for (let index = 0; index < dueCount; index++) {
    const at = due[index]!
    const slot = slotOf(netId[at]!)
    if (!isInSet(scratch.set, slot)) continue
    writeChunk(writer, source, view.client, netId[at]!, slot - last - 1, ackedAt[at]!)
    noteSent(source, view, at, number)
    last = slot
    count++
  }
  scratch.set.words.fill(0, 0, (slots.end + 31) >>> 5)
  return count
}

function noteSent(
  { tick }: Source,
  { visible, isOrdered }: ClientView,
  at: number,
  number: number,
): void {
  visible.sentAt[at] = tick
  visible.waited[at] = 0
  if (isOrdered) visible.ackedAt[at] = tick
  else if ((number & 32) === 0) visible.carriedLow[at]! |= 1 << (number & 31)
  else visible.carriedHigh[at]! |= 1 << (number & 31)
}

function notePacket(source: Source, view: ClientView, number: number): void {
  if (view.isOrdered) {
    view.baseline = source.tick
    settleGone(source, view)
    return
  }
  const bit = 1 << (number & 31)
  const word = (number & 32) >>> 5
  view.packetTicks[number % packetsMax] = source.tick
  view.awaited[word]! |= bit
  view.lost[word]! &= ~bit
}
