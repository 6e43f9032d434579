// Reliable UDP, receiving: datagrams in, whole messages and acknowledgements out.

import { ackBits, createAck, fragmentBytes, type ReliableData } from './reliableDatagram.ts'

/** How far ahead of the lowest missing datagram one may be. */
const windowMax = 1_024

/** What one end has received of one session. Sequence numbers count on here; on the wire are their low 16 bits. */
export interface ReliableReceiver {
  readonly session: number
  /** The lowest that has not arrived. */
  base: number
  /** The first datagram of the message that `base` belongs to. */
  start: number
  /** What has arrived above `base`. */
  readonly arrived: Map<number, Place>
  /** Messages that were not handed out, by the sequence number of their first datagram. */
  readonly messages: Map<number, PartialMessage>
  /** Payload bytes in them: at most `messageBytesMax` and one message more. */
  storedBytes: number
  /** What has arrived since the last acknowledgement. */
  readonly unacknowledged: Set<number>
  duplicateDatagrams: number
  /** When data of this session came last. */
  heardMs: number
  /** When `base` went up last, or something began to wait for it. */
  progressMs: number
}

/** Where a datagram stands. */
interface Place {
  /** The first datagram of its message. */
  readonly start: number
  readonly isLast: boolean
}

interface PartialMessage {
  /** By index. A map, because a false index must not decide how much memory is taken. */
  readonly fragments: Map<number, Uint8Array>
  /** The highest index that is there. */
  highest: number
  /** Fragments in all; 0 while it is not known. */
  total: number
  bytes: number
}

export type Fault = 'malformed' | 'tooLarge'

export function createReceiver(session: number): ReliableReceiver {
  return {
    session,
    base: 0,
    start: 0,
    arrived: new Map(),
    messages: new Map(),
    storedBytes: 0,
    unacknowledged: new Set(),
    duplicateDatagrams: 0,
    heardMs: -Infinity,
    progressMs: -Infinity,
  }
}

/** Whether nothing is stored that waits for more. */
export function isWhole({ arrived, messages }: ReliableReceiver): boolean {
  return arrived.size + messages.size === 0
}

/** Takes a datagram of the receiver's session. Gives what the sender did wrong, if anything. */
export function takeData(
  receiver: ReliableReceiver,
  data: ReliableData,
  messageBytesMax: number,
  isOrdered: boolean,
  deliver: (message: Uint8Array) => void,
): Fault | undefined {
  const distance = (data.sequence - receiver.base) & 0xffff
  const isBelow = distance >= 0x8000
  const sequence = receiver.base + distance - (isBelow ? 0x10000 : 0)
  if (isBelow || receiver.arrived.has(sequence)) {
    if (sequence < 0) return undefined
    // The acknowledgement was lost, or the network has doubled the datagram.
    receiver.duplicateDatagrams++
    receiver.unacknowledged.add(sequence)
    return undefined
  }
  if (distance >= windowMax) return undefined
  const { index, isLast, payload } = data
  const start = sequence - index
  const isAtBase = start === receiver.start
  if ((start <= receiver.base && !isAtBase) || (!isLast && payload.length !== fragmentBytes))
    return 'malformed'
  if (index * fragmentBytes + payload.length > messageBytesMax) return 'tooLarge'
  // The message at `base` always has room, or nothing would ever go on.
  if (!isAtBase && receiver.storedBytes + payload.length > messageBytesMax) return undefined
  const fault = store(receiver, start, data)
  if (fault !== undefined) return fault
  receiver.unacknowledged.add(sequence)
  receiver.arrived.set(sequence, { start, isLast })
  if (!isOrdered) deliverIfWhole(receiver, start, deliver)
  return advance(receiver, deliver)
}

/** Hands out every message that is complete, for a receiver that needs no order any more. */
export function deliverWhole(
  receiver: ReliableReceiver,
  deliver: (message: Uint8Array) => void,
): void {
  for (const start of receiver.messages.keys()) deliverIfWhole(receiver, start, deliver)
}

/** Tells the sender what has arrived. */
export function acknowledge(
  receiver: ReliableReceiver,
  send: (datagram: Uint8Array) => void,
): void {
  const { unacknowledged, session } = receiver
  if (unacknowledged.size === 0) return
  const sequences = [...unacknowledged].sort((a, b) => b - a)
  unacknowledged.clear()
  let told = Infinity
  for (const sequence of sequences) {
    if (sequence >= told) continue
    let bits = 0
    for (let bit = 0; bit < ackBits; bit++)
      if (hasArrived(receiver, sequence - 1 - bit)) bits |= 1 << bit
    told = sequence - ackBits
    send(createAck(session, sequence & 0xffff, bits))
  }
}

function hasArrived({ base, arrived }: ReliableReceiver, sequence: number): boolean {
  return sequence >= 0 && (sequence < base || arrived.has(sequence))
}

function store(
  receiver: ReliableReceiver,
  start: number,
  { index, isLast, payload }: ReliableData,
): Fault | undefined {
  let message = receiver.messages.get(start)
  if (message === undefined) {
    message = { fragments: new Map(), highest: 0, total: 0, bytes: 0 }
    receiver.messages.set(start, message)
  }
  const { total, highest } = message
  if ((isLast && index < highest) || (total !== 0 && index >= total)) return 'malformed'
  if (isLast) message.total = index + 1
  message.highest = Math.max(highest, index)
  message.fragments.set(index, payload)
  message.bytes += payload.length
  receiver.storedBytes += payload.length
  return undefined
}

/** Goes on with what has arrived at `base`. Each message must begin where the one before ends. */
function advance(
  receiver: ReliableReceiver,
  deliver: (message: Uint8Array) => void,
): Fault | undefined {
  const { arrived } = receiver
  for (;;) {
    const place = arrived.get(receiver.base)
    if (place === undefined) return undefined
    if (place.start !== receiver.start) return 'malformed'
    arrived.delete(receiver.base)
    receiver.base++
    if (!place.isLast) continue
    receiver.start = receiver.base
    // In the unordered mode it has been delivered already.
    deliverIfWhole(receiver, place.start, deliver)
  }
}

function deliverIfWhole(
  receiver: ReliableReceiver,
  start: number,
  deliver: (message: Uint8Array) => void,
): void {
  const message = receiver.messages.get(start)
  if (message === undefined || message.fragments.size !== message.total) return
  receiver.messages.delete(start)
  receiver.storedBytes -= message.bytes
  deliver(joined(message))
}

function joined({ fragments, bytes }: PartialMessage): Uint8Array {
  if (fragments.size === 1) return fragments.get(0)!
  const message = new Uint8Array(bytes)
  for (const [index, fragment] of fragments) message.set(fragment, index * fragmentBytes)
  return message
}
