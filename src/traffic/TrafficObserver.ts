// Observers of what a world receives and sends.

import type { EntityId } from 'bitecs'
import { type AsyncLoad, type EventSource } from '../event/AsyncLoad.ts'
import { type Message, type MessageForm } from '../protocol/messageToSend.ts'

/** A message that was sent. */
export interface SentMessage {
  /** The socket that it was sent from. */
  readonly socket: EntityId
  /** The receiver's numeric address; in a page the host of the URL; on UDP the host as given, empty for a broadcast. */
  readonly ip: string
  readonly port: number
  readonly form: MessageForm
  /** The message without header, a copy. */
  readonly bytes: Uint8Array
}

/** Looks at what a world receives and sends, and changes nothing. */
export interface TrafficObserver {
  /**
   * Gets the tick's events, in order of arrival, before any handler runs. They end with their handlers: copy what should
   * stay. What it reads of a buffer does not move the position for the handlers.
   */
  received?(events: Iterable<AsyncLoad>): void
  /** Gets what was taken for sending since the last call, in order, at the end of the tick. */
  sent?(messages: readonly SentMessage[]): void
}

/** The observers of one world. There is none without observers, so that what they cost is not paid. */
export interface Traffic {
  observations: readonly Observation[]
  /** Keeps a copy of what was sent through a socket, for the observers that look at it. */
  recordSent(to: Pick<EventSource, 'entity' | 'ip' | 'port'>, message: Message): void
  /** Shows the tick's events. What observers throw is added to `errors`. */
  showReceived(errors: unknown[]): void
  /** Shows what was sent. What observers throw is added to `errors`. */
  showSent(errors: unknown[]): void
}

/** An observer of a world. */
export interface Observation {
  readonly observer: TrafficObserver
  /** What was sent and not shown to it. */
  sent: SentMessage[]
}
