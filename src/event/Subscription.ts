import type { EntityId } from 'bitecs'
import { type AsyncLoad } from './AsyncLoad.ts'

/** Gets events. */
export interface Receiver {
  /** Calls the handler. */
  readonly run: (asyncLoad: AsyncLoad) => void
  isActive: boolean
}

/** A handler of an entity, and the events that it gets. */
export interface Subscription extends Receiver {
  readonly entity: EntityId
  /** Rises with each subscription: handlers run in this order. */
  readonly order: number
  /** The sockets whose events it gets, a server's with those of its clients; `undefined` if it gets every event. */
  readonly from: Set<EntityId> | undefined
}

/** Of a socket without any. */
export const noSubscribers: readonly Subscription[] = []

/** The subscribers of one socket, and the version of the subscriptions that the list was made of. */
export interface SubscriberCache {
  list: readonly Subscription[]
  version: number
}
