import { ackBits, createAck, fragmentBytes, type ReliableData } from './reliableDatagram.ts'

/** How far ahead of the lowest missing datagram one may be. */
const windowMax = 1_024

/** What one end has received of one session. Sequence numbers count on here; on the wire are their low 16 bits. */
export interface ReliableReceiver {
  readonly session: number
  /** The lowest that has not arrived. */
  base: number
  /** What has arrived above it. */
  readonly arrived: Set<number>
  /** Messages that were not handed out, by the sequence number of their first datagram. */
  readonly messages: Map<number, PartialMessage>
  /** Payload bytes in them. */
  storedBytes: number
  /** What has arrived since the last acknowledgement. */
  readonly unacknowledged: Set<number>
  duplicateDatagrams: number
}

interface PartialMessage {
  readonly fragments: Uint8Array[]
  /** Fragments that are there. */
  count: number
  /** Fragments in all; 0 while it is not known. */
  total: number
  bytes: number
}

export type Fault = 'malformed' | 'tooLarge'

export function createReceiver(session: number): ReliableReceiver {
  return {
    session,
    base: 0,
    arrived: new Set(),
    messages: new Map(),
    storedBytes: 0,
    unacknowledged: new Set(),
    duplicateDatagrams: 0,
  }
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
  const sequence = receiver.base + distance
  if (distance >= 0x8000 || receiver.arrived.has(sequence)) {
    // The acknowledgement was lost, or the network has doubled it.
    receiver.duplicateDatagrams++
    receiver.unacknowledged.add(distance >= 0x8000 ? sequence - 0x10000 : sequence)
    return undefined
  }
  if (distance >= windowMax) return undefined
  const { index, isLast, payload } = data
  const start = sequence - index
  if (start < 0 || (!isLast && payload.length !== fragmentBytes)) return 'malformed'
  if (index * fragmentBytes + payload.length > messageBytesMax) return 'tooLarge'
  const needsRoom = start > receiver.base
  if (needsRoom && receiver.storedBytes + payload.length > messageBytesMax) return undefined
  const fault = store(receiver, start, data)
  if (fault !== undefined) return fault
  receiver.unacknowledged.add(sequence)
  receiver.arrived.add(sequence)
  const { base } = receiver
  while (receiver.arrived.delete(receiver.base)) receiver.base++
  if (!isOrdered) deliverIfWhole(receiver, start, deliver)
  else if (receiver.base > base) deliverInOrder(receiver, deliver)
  return undefined
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
    message = { fragments: [], count: 0, total: 0, bytes: 0 }
    receiver.messages.set(start, message)
  }
  const { total, fragments } = message
  if ((isLast && (total !== 0 || index + 1 < fragments.length)) || (total !== 0 && index >= total))
    return 'malformed'
  if (isLast) message.total = index + 1
  fragments[index] = payload
  message.count++
  message.bytes += payload.length
  receiver.storedBytes += payload.length
  return undefined
}

function deliverIfWhole(
  receiver: ReliableReceiver,
  start: number,
  deliver: (message: Uint8Array) => void,
): boolean {
  const message = receiver.messages.get(start)
  if (message === undefined || message.count !== message.total) return false
  receiver.messages.delete(start)
  receiver.storedBytes -= message.bytes
  deliver(joined(message))
  return true
}

/** Nothing is missing before a message that begins below `base`. */
function deliverInOrder(receiver: ReliableReceiver, deliver: (message: Uint8Array) => void): void {
  const starts = [...receiver.messages.keys()].filter((start) => start < receiver.base)
  for (const start of starts.sort((a, b) => a - b))
    if (!deliverIfWhole(receiver, start, deliver)) return
}

function joined({ fragments, bytes }: PartialMessage): Uint8Array {
  if (fragments.length === 1) return fragments[0]!
  const message = new Uint8Array(bytes)
  let at = 0
  for (const fragment of fragments) {
    message.set(fragment, at)
    at += fragment.length
  }
  return message
}
