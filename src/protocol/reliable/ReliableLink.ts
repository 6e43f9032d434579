// One end of reliable UDP with one peer: both directions, and when the peer is lost.

import {
  acknowledge,
  createReceiver,
  deliverWhole,
  type Fault,
  isWhole,
  type ReliableReceiver,
  takeData,
} from './ReliableReceiver.ts'
import { type ReliableData, type ReliableDatagram } from './reliableDatagram.ts'
import {
  createSender,
  hasQueue,
  nextSendMs,
  queueCost,
  queueMessage,
  type ReliableSender,
  restartSession,
  runSender,
  takeAck,
} from './ReliableSender.ts'

/** A peer that has acknowledged nothing for this long is lost. */
const giveUpMs = 10_000
/** A peer with something unacknowledged sends it many times in this time. */
const silentMs = 5_000
/** A session of the peer that has been waiting for the same datagram for this long is over. */
const stuckMs = 20_000
/** Former sessions of a peer that are remembered, so that late datagrams of them mean nothing. */
const formerMax = 16

/**
 * One end of reliable UDP with one peer (docs/protocol.md, "Reliable UDP"). A pure state machine: bytes and time in,
 * calls of a {@link ReliableSink} out. Times are milliseconds of any clock that never jumps back; one that runs only while
 * datagrams are read loses no peer by a standstill.
 */
export interface ReliableLink {
  readonly options: ReliableOptions
  isOrdered: boolean
  sender: ReliableSender
  /** `undefined` until the peer has sent something. */
  receiver: ReliableReceiver | undefined
  readonly formerSessions: number[]
  /** When the peer was heard last, be it data or acknowledgements. */
  lastHeardMs: number
  /** Whether the peer has acknowledged a session of ours, which only what is at its address can know (RFC 9000 section 8.1). */
  isProved: boolean
}

export interface ReliableOptions {
  /** Gives a random number of 32 bits for each session of this end. */
  readonly createSession: () => number
  /** Messages are handed out in the order in which they were sent. */
  readonly isOrdered: boolean
  /** Largest message sent. */
  readonly messageBytesMax: number
  /** Largest message taken, if that is less. */
  readonly takenBytesMax?: number
  /** No more bytes than this wait to be sent, 256 more counted for each message; but a single message always may. */
  readonly sendQueueBytesMax: number
}

/** What a link tells. */
export interface ReliableSink {
  /**
   * A datagram must be sent. It does not change any more.
   *
   * @param isRepeat it was sent before, and may be left out: it is tried again later
   */
  send(datagram: Uint8Array, isRepeat: boolean): void
  /** A message has arrived. Its bytes are the sink's. */
  message(bytes: Uint8Array): void
  /** The peer does not answer any more, or broke the protocol. What was not acknowledged may be lost. */
  lost(cause: Fault | 'timedOut'): void
}

export function createReliableLink(options: ReliableOptions): ReliableLink {
  return {
    options,
    isOrdered: options.isOrdered,
    sender: createSender(options.createSession()),
    receiver: undefined,
    formerSessions: [],
    lastHeardMs: -Infinity,
    isProved: false,
  }
}

/** Queues a message. Its bytes must not change any more. It leaves with the next {@link runReliable}. */
export function sendReliable(
  { sender, options }: ReliableLink,
  bytes: Uint8Array,
): 'taken' | 'full' | 'tooLarge' {
  if (bytes.length > options.messageBytesMax) return 'tooLarge'
  if (hasQueue(sender) && sender.queuedBytes + queueCost(bytes) > options.sendQueueBytesMax)
    return 'full'
  queueMessage(sender, bytes)
  return 'taken'
}

/**
 * Takes a datagram of the peer. Call {@link runReliable} when {@link nextRunMs} says so: acknowledgements of several
 * datagrams leave together.
 *
 * @param hasRoom whether messages can be taken; otherwise the peer has to send them again
 */
export function feedReliable(
  link: ReliableLink,
  datagram: ReliableDatagram,
  nowMs: number,
  sink: ReliableSink,
  hasRoom: boolean,
): void {
  if (datagram.kind === 'ack') {
    if (datagram.session !== link.sender.session) return
    link.lastHeardMs = nowMs
    link.isProved = true
    takeAck(link.sender, datagram, nowMs)
    return
  }
  const receiver = receiverOf(link, datagram)
  if (receiver === undefined) return
  const wasWhole = isWhole(receiver)
  link.lastHeardMs = nowMs
  receiver.heardMs = nowMs
  if (!hasRoom) {
    // It is not the peer that keeps things from going on.
    receiver.progressMs = nowMs
    return
  }
  const { base } = receiver
  const deliver = (message: Uint8Array): void => sink.message(message)
  const { messageBytesMax, takenBytesMax = messageBytesMax } = link.options
  const fault = takeData(receiver, datagram, takenBytesMax, link.isOrdered, deliver)
  if (wasWhole || receiver.base !== base) receiver.progressMs = nowMs
  if (fault === undefined) return
  endReceiver(link)
  lose(link, sink, fault)
}

/**
 * Sends what is due, and gives up a peer that does not answer.
 *
 * @param fedMs what had arrived by then has been fed: the peer is given up for its silence until then
 */
export function runReliable(
  link: ReliableLink,
  nowMs: number,
  sink: ReliableSink,
  fedMs: number = nowMs,
): void {
  const { sender, receiver } = link
  const isStuck = receiver !== undefined && fedMs >= stuckAtMs(receiver)
  if (isStuck || fedMs >= giveUpAtMs(sender)) {
    if (isStuck || isGone(receiver, fedMs)) endReceiver(link)
    lose(link, sink, 'timedOut')
    return
  }
  const send = (datagram: Uint8Array, isRepeat = false): void => sink.send(datagram, isRepeat)
  if (receiver !== undefined) acknowledge(receiver, send)
  // After a long silence, in which nothing was in flight, the peer may have forgotten the session, or be another.
  const isQuiet = sender.isOpened && nowMs - sender.aliveMs >= giveUpMs
  if (isQuiet && hasQueue(sender) && sender.sentOfFirst === 0)
    restartSession(sender, link.options.createSession())
  runSender(sender, nowMs, send)
}

/** When {@link runReliable} has something to do: a time, −Infinity for now, or Infinity for nothing. */
export function nextRunMs(link: ReliableLink): number {
  const { sender, receiver } = link
  const nextMs = Math.min(nextSendMs(sender), giveUpAtMs(sender))
  if (receiver === undefined) return nextMs
  return receiver.unacknowledged.size > 0 ? -Infinity : Math.min(nextMs, stuckAtMs(receiver))
}

/** Whether messages are handed out in order from now on. */
export function setReliableOrder(link: ReliableLink, isOrdered: boolean, sink: ReliableSink): void {
  link.isOrdered = isOrdered
  if (!isOrdered && link.receiver !== undefined)
    deliverWhole(link.receiver, (message) => sink.message(message))
}

/** Whether this end has sent something that was not acknowledged, or will send. */
export function hasSent({ sender }: ReliableLink): boolean {
  return hasQueue(sender) || sender.inFlight.size > 0
}

/** Whether nothing is under way in either direction. */
export function isIdle({ sender, receiver }: ReliableLink): boolean {
  if (hasQueue(sender) || sender.inFlight.size > 0) return false
  return receiver === undefined || (isWhole(receiver) && receiver.unacknowledged.size === 0)
}

/** The receiver of a datagram's session, a new one if the peer has begun a session. */
function receiverOf(link: ReliableLink, data: ReliableData): ReliableReceiver | undefined {
  const { receiver, formerSessions } = link
  if (receiver?.session === data.session) return receiver
  if (!data.isOpening || formerSessions.includes(data.session)) return undefined
  endReceiver(link)
  return (link.receiver = createReceiver(data.session))
}

/** The session of the peer is over. */
function endReceiver(link: ReliableLink): void {
  const { receiver, formerSessions } = link
  if (receiver === undefined) return
  link.receiver = undefined
  formerSessions.push(receiver.session)
  if (formerSessions.length > formerMax) formerSessions.shift()
}

/** What the peer sends waits for more and comes no more. Who is told that the peer is lost is not told of this again. */
function isGone(receiver: ReliableReceiver | undefined, nowMs: number): boolean {
  return receiver !== undefined && !isWhole(receiver) && nowMs - receiver.heardMs >= silentMs
}

/**
 * This end begins anew with its next message. The session of a peer that still sends goes on, as it may be new: two ends that
 * give up at different times would end each other's new sessions for ever.
 */
function lose(link: ReliableLink, sink: ReliableSink, cause: Fault | 'timedOut'): void {
  link.sender = createSender(link.options.createSession())
  if (cause === 'timedOut') link.isProved = false
  sink.lost(cause)
}

function giveUpAtMs({ inFlight, aliveMs }: ReliableSender): number {
  return inFlight.size === 0 ? Infinity : aliveMs + giveUpMs
}

function stuckAtMs(receiver: ReliableReceiver): number {
  return isWhole(receiver) ? Infinity : receiver.progressMs + stuckMs
}
