// Observers of what a world receives and sends.

import { type EntityId } from 'bitecs'
import { type MessageType } from '../constants/MessageType.ts'
import { collect } from '../errors/collect.ts'
import { type AsyncLoad } from '../event/AsyncLoad.ts'
import { type EventSource } from '../event/EventSource.ts'
import { eventsOf, type TickEvents } from '../event/TickEvents.ts'

/** How a message is sent: as a packet, or as bytes or text without a header. */
export type MessageForm = 'packet' | MessageType

/** A message that was sent. */
export interface SentMessage {
  /** The socket that it was sent from. */
  readonly socket: EntityId
  /** The receiver's numeric address or, on UDP, what was given as its host; empty for a broadcast. */
  readonly ip: string
  readonly port: number
  readonly form: MessageForm
  /** The message without header, a copy. */
  readonly bytes: Uint8Array
}

/** Looks at what a world receives and sends, and changes nothing. */
export interface TrafficObserver {
  /** Gets the tick's events, before any handler runs. They end with their handlers: copy what should stay. */
  received?(events: Iterable<AsyncLoad>): void
  /** Gets what was taken for sending since the last call, in order, before the tick hands it over. */
  sent?(messages: readonly SentMessage[]): void
}

/** The observers of one world. */
export interface Traffic {
  observers: readonly TrafficObserver[]
  /** What was sent and not shown to them; nothing is kept without observers. */
  sent: SentMessage[]
}

export function createTraffic(): Traffic {
  return { observers: [], sent: [] }
}

/** A message in its memory. */
interface MessageBytes {
  readonly memory: { readonly bytes: Uint8Array }
  readonly start: number
  readonly size: number
}

/** Keeps a copy of what was sent through a socket, if there are observers. */
export function recordSent(
  { observers, sent }: Traffic,
  { entity, ip, port }: Pick<EventSource, 'entity' | 'ip' | 'port'>,
  { memory, start, size }: MessageBytes,
  form: MessageForm,
): void {
  if (observers.length === 0) return
  // Not `slice`, which of a `Buffer` is not a copy.
  const bytes = new Uint8Array(memory.bytes.subarray(start, start + size))
  sent.push({ socket: entity, ip, port, form, bytes })
}

/** Shows the tick's events. What observers throw is added to `errors`. */
export function showReceived(
  { observers }: Traffic,
  tickEvents: TickEvents,
  errors: unknown[],
): void {
  if (observers.length === 0 || tickEvents.arrivals.length === 0) return
  for (const observer of observers)
    collect(errors, () => observer.received?.({ [Symbol.iterator]: () => eventsOf(tickEvents) }))
}

/** Shows what was sent. What observers throw is added to `errors`. */
export function showSent(traffic: Traffic, errors: unknown[]): void {
  const { observers, sent } = traffic
  if (sent.length === 0) return
  traffic.sent = []
  for (const observer of observers) collect(errors, () => observer.sent?.(sent))
}
