import type { EntityId } from 'bitecs'

/** An entity that gets events. */
export interface Subscription {
  readonly entity: EntityId
  /** Counts subscriptions: handlers run in this order. */
  readonly order: number
  /** The sockets it is narrowed to; empty if it gets every event. */
  readonly targets: Set<EntityId>
  isActive: boolean
}

/** The subscribers of one socket, and the version of the subscriptions that the list was made of. */
export interface SubscriberCache {
  list: readonly Subscription[]
  version: number
}
