// Reliable UDP, sending: messages in, datagrams out, again until they are acknowledged.

import { noBytes } from '../../constants/noBytes.ts'
import {
  ackBits,
  closeOpening,
  createData,
  fragmentBytes,
  type ReliableAck,
} from './reliableDatagram.ts'

/** Datagrams on their way that have not been acknowledged. */
const inFlightMax = 256
/** How far the newest datagram may be ahead of the oldest that is not acknowledged. */
const spanMax = 1_024
const resendMsMin = 200
const resendMsMax = 500
/** The least for a datagram when one that was sent after it has arrived. */
const overtakenMsMin = 10
/** So few datagrams may all be lost by chance, again and again: when nothing is acknowledged for this long, they are sent oftener. */
const fewMax = 4
const doubtMs = 2_000
/** New datagrams that leave in a millisecond, so that they do not overrun the receiver's buffer. */
const burstMax = 64
const burstMs = 1

/** One end's messages to the other. Sequence numbers count on here; on the wire are their low 16 bits. */
export interface ReliableSender {
  session: number
  /** Whether the other end has acknowledged anything of this session. */
  isOpened: boolean
  next: number
  /** The lowest that is not acknowledged, or `next`. */
  lowest: number
  /** By sequence number, in the order of being sent last. */
  readonly inFlight: Map<number, Sent>
  /** Messages that are not sent whole, from `queueStart` on. */
  readonly queue: Uint8Array[]
  queueStart: number
  /** Bytes of the first message in the queue that are sent. */
  sentOfFirst: number
  /** Bytes in the queue that are not sent, with 256 for each message. */
  queuedBytes: number
  /** Smoothed; 0 before the first measurement. */
  roundTripMs: number
  /** When the other end acknowledged something last, or something began to be in flight: whichever is later. */
  aliveMs: number
  /** When the newest datagram was sent that has arrived. */
  newestArrivedMs: number
  burstSinceMs: number
  /** New datagrams since then. */
  burstCount: number
  resentDatagrams: number
}

interface Sent {
  datagram: Uint8Array
  isOpening: boolean
  sentMs: number
  /** Sent once: its acknowledgement measures the round trip. */
  isFirst: boolean
}

/** What a message that waits costs besides its bytes, at most: 210 were measured in Node 20. */
const bytesPerMessage = 256

export function createSender(session: number): ReliableSender {
  return {
    session,
    isOpened: false,
    next: 0,
    lowest: 0,
    inFlight: new Map(),
    queue: [],
    queueStart: 0,
    sentOfFirst: 0,
    queuedBytes: 0,
    roundTripMs: 0,
    aliveMs: 0,
    newestArrivedMs: -Infinity,
    burstSinceMs: -Infinity,
    burstCount: 0,
    resentDatagrams: 0,
  }
}

/** A message waits to be sent. The bytes must not change any more. */
export function queueMessage(sender: ReliableSender, bytes: Uint8Array): void {
  sender.queue.push(bytes)
  sender.queuedBytes += queueCost(bytes)
}

/** What a message counts in the queue. */
export function queueCost(bytes: Uint8Array): number {
  return bytes.length + bytesPerMessage
}

/** Whether messages wait that are not sent whole. */
export function hasQueue({ queue, queueStart }: ReliableSender): boolean {
  return queue.length > queueStart
}

/** Begins a new session, with what is queued. Nothing may be in flight or sent in part. */
export function restartSession(sender: ReliableSender, session: number): void {
  sender.session = session
  sender.isOpened = false
  sender.next = 0
  sender.lowest = 0
}

/** Takes an acknowledgement of the sender's session. */
export function takeAck(sender: ReliableSender, ack: ReliableAck, nowMs: number): void {
  sender.isOpened = true
  sender.aliveMs = nowMs
  acknowledge(sender, ack.sequence, nowMs)
  for (let bit = 0; bit < ackBits; bit++)
    if ((ack.bits & (1 << bit)) !== 0) acknowledge(sender, ack.sequence - 1 - bit, nowMs)
  while (sender.lowest < sender.next && !sender.inFlight.has(sender.lowest)) sender.lowest++
}

function acknowledge(sender: ReliableSender, sequence: number, nowMs: number): void {
  const full = sender.lowest + ((sequence - sender.lowest) & 0xffff)
  const sent = sender.inFlight.get(full)
  if (sent === undefined) return
  sender.inFlight.delete(full)
  // Of a datagram that was sent twice it is not known which of the two has arrived.
  if (!sent.isFirst) return
  sender.newestArrivedMs = Math.max(sender.newestArrivedMs, sent.sentMs)
  const tripMs = nowMs - sent.sentMs
  const smoothed = sender.roundTripMs
  sender.roundTripMs = smoothed === 0 ? Math.max(tripMs, 0.1) : smoothed + (tripMs - smoothed) / 8
}

/** Sends again what is overdue, and what is new as far as the window allows. */
export function runSender(
  sender: ReliableSender,
  nowMs: number,
  send: (datagram: Uint8Array, isRepeat: boolean) => void,
): void {
  for (const [sequence, sent] of sender.inFlight) {
    // The same sum as in `nextSendMs`, which a difference might miss by a rounding.
    if (resendAtMs(sender, sent) > nowMs) break
    sent.sentMs = nowMs
    sent.isFirst = false
    if (sent.isOpening && sender.isOpened) {
      sent.isOpening = false
      sent.datagram = closeOpening(sent.datagram)
    }
    sender.resentDatagrams++
    // What was sent last stands last.
    sender.inFlight.delete(sequence)
    sender.inFlight.set(sequence, sent)
    send(sent.datagram, true)
  }
  if (sender.burstSinceMs + burstMs <= nowMs) {
    sender.burstSinceMs = nowMs
    sender.burstCount = 0
  }
  while (canSend(sender) && sender.burstCount < burstMax) {
    sender.burstCount++
    const datagram = nextDatagram(sender)
    if (sender.inFlight.size === 0) sender.aliveMs = nowMs
    const isOpening = !sender.isOpened
    sender.inFlight.set(sender.next, { datagram, isOpening, sentMs: nowMs, isFirst: true })
    sender.next++
    send(datagram, false)
  }
}

/** When {@link runSender} has something to do: a time, −Infinity for now, or Infinity for nothing. */
export function nextSendMs(sender: ReliableSender): number {
  const newMs = nextNewMs(sender)
  // The first was sent before the others.
  for (const sent of sender.inFlight.values()) return Math.min(newMs, resendAtMs(sender, sent))
  return newMs
}

function nextNewMs(sender: ReliableSender): number {
  if (!canSend(sender)) return Infinity
  return sender.burstCount < burstMax ? -Infinity : sender.burstSinceMs + burstMs
}

function canSend(sender: ReliableSender): boolean {
  const { inFlight, next, lowest } = sender
  return hasQueue(sender) && inFlight.size < inFlightMax && next - lowest < spanMax
}

function resendAtMs(sender: ReliableSender, { sentMs }: Sent): number {
  const { roundTripMs, newestArrivedMs, aliveMs, inFlight } = sender
  if (inFlight.size <= fewMax && sentMs - aliveMs >= doubtMs) return sentMs + resendMsMin
  if (roundTripMs === 0) return sentMs + resendMsMax
  const leastMs = sentMs < newestArrivedMs ? overtakenMsMin : resendMsMin
  return sentMs + Math.min(Math.max(1.5 * roundTripMs, leastMs), resendMsMax)
}

/** Cuts the next datagram off the queue. */
function nextDatagram(sender: ReliableSender): Uint8Array {
  const message = sender.queue[sender.queueStart]!
  const start = sender.sentOfFirst
  const end = Math.min(start + fragmentBytes, message.length)
  const isLast = end === message.length
  sender.queuedBytes -= end - start
  if (isLast) removeFirst(sender)
  else sender.sentOfFirst = end
  const index = start / fragmentBytes
  const { session, next, isOpened } = sender
  return createData(session, next, index, !isOpened, isLast, message.subarray(start, end))
}

/** Takes a message off the queue, whose array is cut seldom: with 100,000 messages each cut is slow. */
function removeFirst(sender: ReliableSender): void {
  const { queue } = sender
  sender.queuedBytes -= bytesPerMessage
  sender.sentOfFirst = 0
  queue[sender.queueStart++] = noBytes
  if (sender.queueStart * 2 < queue.length) return
  queue.splice(0, sender.queueStart)
  sender.queueStart = 0
}
