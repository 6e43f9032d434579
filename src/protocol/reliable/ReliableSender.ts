import { createData, fragmentBytes, type ReliableAck, ackBits } from './reliableDatagram.ts'

/** Datagrams on their way that have not been acknowledged. */
const inFlightMax = 256
/** How far the newest datagram may be ahead of the oldest that is not acknowledged. */
const spanMax = 1_024
const resendMsMin = 200
const resendMsMax = 500

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
  /** Messages that are not sent whole. */
  readonly queue: Uint8Array[]
  /** Bytes of the first message in the queue that are sent. */
  sentOfFirst: number
  /** Bytes in the queue that are not sent. */
  queuedBytes: number
  /** Smoothed; 0 before the first measurement. */
  roundTripMs: number
  /** Since when something has been in flight all the time. */
  inFlightSinceMs: number
  resentDatagrams: number
}

interface Sent {
  readonly datagram: Uint8Array
  sentMs: number
  /** Sent once: its acknowledgement measures the round trip. */
  isFirst: boolean
}

export function createSender(session: number): ReliableSender {
  return {
    session,
    isOpened: false,
    next: 0,
    lowest: 0,
    inFlight: new Map(),
    queue: [],
    sentOfFirst: 0,
    queuedBytes: 0,
    roundTripMs: 0,
    inFlightSinceMs: 0,
    resentDatagrams: 0,
  }
}

/** A message waits to be sent. The bytes must not change any more. */
export function queueMessage(sender: ReliableSender, bytes: Uint8Array): void {
  sender.queue.push(bytes)
  sender.queuedBytes += bytes.length
}

/** Takes an acknowledgement of the sender's session. */
export function takeAck(sender: ReliableSender, ack: ReliableAck, nowMs: number): void {
  sender.isOpened = true
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
  if (!sent.isFirst) return
  const tripMs = nowMs - sent.sentMs
  const smoothed = sender.roundTripMs
  sender.roundTripMs = smoothed === 0 ? Math.max(tripMs, 0.1) : smoothed + (tripMs - smoothed) / 8
}

/** Sends again what is overdue, and what is new as far as the window allows. */
export function runSender(
  sender: ReliableSender,
  nowMs: number,
  send: (datagram: Uint8Array) => void,
): void {
  const resendMs = resendDelayMs(sender)
  for (const [sequence, sent] of sender.inFlight) {
    // The same sum as in `nextSendMs`, which a difference might miss by a rounding.
    if (sent.sentMs + resendMs > nowMs) break
    sent.sentMs = nowMs
    sent.isFirst = false
    sender.resentDatagrams++
    // What was sent last stands last.
    sender.inFlight.delete(sequence)
    sender.inFlight.set(sequence, sent)
    send(sent.datagram)
  }
  while (canSend(sender)) {
    const datagram = nextDatagram(sender)
    if (sender.inFlight.size === 0) sender.inFlightSinceMs = nowMs
    sender.inFlight.set(sender.next, { datagram, sentMs: nowMs, isFirst: true })
    sender.next++
    send(datagram)
  }
}

/** When {@link runSender} has something to do: a time, −Infinity for now, or Infinity for nothing. */
export function nextSendMs(sender: ReliableSender): number {
  if (canSend(sender)) return -Infinity
  for (const { sentMs } of sender.inFlight.values()) return sentMs + resendDelayMs(sender)
  return Infinity
}

function canSend({ queue, inFlight, next, lowest }: ReliableSender): boolean {
  return queue.length > 0 && inFlight.size < inFlightMax && next - lowest < spanMax
}

function resendDelayMs({ roundTripMs }: ReliableSender): number {
  if (roundTripMs === 0) return resendMsMax
  return Math.min(Math.max(1.5 * roundTripMs, resendMsMin), resendMsMax)
}

/** Cuts the next datagram off the queue. */
function nextDatagram(sender: ReliableSender): Uint8Array {
  const message = sender.queue[0]!
  const start = sender.sentOfFirst
  const end = Math.min(start + fragmentBytes, message.length)
  const isLast = end === message.length
  sender.queuedBytes -= end - start
  sender.sentOfFirst = isLast ? 0 : end
  if (isLast) sender.queue.shift()
  const index = start / fragmentBytes
  const { session, next, isOpened } = sender
  return createData(session, next, index, !isOpened, isLast, message.subarray(start, end))
}
