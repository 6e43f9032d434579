import type { EntityId } from 'bitecs'
import { type SubscriberCache } from './Subscription.ts'

/** A socket that has events: what the event queue and the tick need of it. */
export interface EventSocket {
  /** Only a connection has `eventsPerSocketMax`: a UDP socket limits its senders instead. */
  readonly kind: 'connection' | 'datagram'
  readonly entity: EntityId
  /** The server of an accepted socket, whose subscribers get its events too. */
  readonly server: { readonly entity: EntityId } | undefined
  /** This side has closed it, or its handshake was never done: it has no more events. */
  readonly isDestroyed: boolean
  /** It has no more events, since it or its server was closed. */
  readonly isGone: boolean
  readonly queued: QueuedEvents
  readonly subscribers: SubscriberCache
}

/** What a socket has in the queue. */
export interface QueuedEvents {
  /** Events that wait for a tick. */
  count: number
  /** Bytes that wait for a tick, and 128 more for each event. */
  bytes: number
  /** The tick that `taken` counts for. */
  tick: number
  /** Events that the tick has taken. */
  taken: number
}
