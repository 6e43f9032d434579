import {
  acknowledge,
  createReceiver,
  deliverWhole,
  type Fault,
  type ReliableReceiver,
  takeData,
} from './ReliableReceiver.ts'
import { type ReliableData, type ReliableDatagram } from './reliableDatagram.ts'
import {
  createSender,
  nextSendMs,
  queueMessage,
  type ReliableSender,
  runSender,
  takeAck,
} from './ReliableSender.ts'

/** A peer that has not answered for this long is lost. */
const giveUpMs = 10_000
/** Former sessions of a peer that are remembered, so that late datagrams of them mean nothing. */
const formerMax = 16

/**
 * One end of reliable UDP with one peer (docs/protocol.md, "Reliable UDP"). A pure state machine: bytes and time in,
 * calls of a {@link ReliableSink} out. Times are milliseconds of any clock that never jumps back.
 */
export interface ReliableLink {
  readonly options: ReliableOptions
  isOrdered: boolean
  sender: ReliableSender
  /** `undefined` until the peer has sent something. */
  receiver: ReliableReceiver | undefined
  readonly formerSessions: number[]
  /** When the peer was heard last. */
  lastHeardMs: number
}

export interface ReliableOptions {
  /** Gives a random number of 32 bits for each session of this end. */
  readonly createSession: () => number
  /** Messages are handed out in the order in which they were sent. */
  readonly isOrdered: boolean
  /** Largest message sent and taken. */
  readonly messageBytesMax: number
  /** No more bytes than this wait to be sent, but for a single message. */
  readonly sendQueueBytesMax: number
}

/** What a link tells. */
export interface ReliableSink {
  /** A datagram must be sent. It does not change any more. */
  send(datagram: Uint8Array): void
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
  }
}

/** Queues a message. Its bytes must not change any more. It leaves with the next {@link runReliable}. */
export function sendReliable(
  { sender, options }: ReliableLink,
  bytes: Uint8Array,
): 'taken' | 'full' | 'tooLarge' {
  if (bytes.length > options.messageBytesMax) return 'tooLarge'
  if (sender.queuedBytes > 0 && sender.queuedBytes + bytes.length > options.sendQueueBytesMax)
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
    takeAck(link.sender, datagram, nowMs)
    return
  }
  const receiver = receiverOf(link, datagram)
  if (receiver === undefined) return
  link.lastHeardMs = nowMs
  if (!hasRoom) return
  const deliver = (message: Uint8Array): void => sink.message(message)
  const { messageBytesMax } = link.options
  const fault = takeData(receiver, datagram, messageBytesMax, link.isOrdered, deliver)
  if (fault !== undefined) lose(link, sink, fault)
}

/** Sends what is due, and gives up a peer that does not answer. */
export function runReliable(link: ReliableLink, nowMs: number, sink: ReliableSink): void {
  const send = (datagram: Uint8Array): void => sink.send(datagram)
  if (nowMs >= giveUpAtMs(link)) {
    lose(link, sink, 'timedOut')
    return
  }
  if (link.receiver !== undefined) acknowledge(link.receiver, send)
  runSender(link.sender, nowMs, send)
}

/** When {@link runReliable} has something to do: a time, −Infinity for now, or Infinity for nothing. */
export function nextRunMs(link: ReliableLink): number {
  if (link.receiver !== undefined && link.receiver.unacknowledged.size > 0) return -Infinity
  return Math.min(nextSendMs(link.sender), giveUpAtMs(link))
}

/** Whether messages are handed out in order from now on. */
export function setReliableOrder(link: ReliableLink, isOrdered: boolean, sink: ReliableSink): void {
  link.isOrdered = isOrdered
  if (!isOrdered && link.receiver !== undefined)
    deliverWhole(link.receiver, (message) => sink.message(message))
}

/** Whether nothing is under way in either direction. */
export function isIdle({ sender, receiver }: ReliableLink): boolean {
  if (sender.queue.length > 0 || sender.inFlight.size > 0) return false
  return receiver === undefined || receiver.messages.size + receiver.unacknowledged.size === 0
}

/** The receiver of a datagram's session, a new one if the peer has begun a session. */
function receiverOf(link: ReliableLink, data: ReliableData): ReliableReceiver | undefined {
  const { receiver, formerSessions } = link
  if (receiver?.session === data.session) return receiver
  if (!data.isOpening || formerSessions.includes(data.session)) return undefined
  forget(link)
  return (link.receiver = createReceiver(data.session))
}

/** The session of the peer is over. */
function forget({ receiver, formerSessions }: ReliableLink): void {
  if (receiver === undefined) return
  formerSessions.push(receiver.session)
  if (formerSessions.length > formerMax) formerSessions.shift()
}

/** Both directions begin anew, with the next message of either end. */
function lose(link: ReliableLink, sink: ReliableSink, cause: Fault | 'timedOut'): void {
  forget(link)
  link.receiver = undefined
  link.sender = createSender(link.options.createSession())
  sink.lost(cause)
}

function giveUpAtMs({ sender, lastHeardMs }: ReliableLink): number {
  if (sender.inFlight.size === 0) return Infinity
  return Math.max(sender.inFlightSinceMs, lastHeardMs) + giveUpMs
}
