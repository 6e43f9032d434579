import type { EntityId } from 'bitecs'
import { type AsyncLoad } from './AsyncLoad.ts'

/** A handler of an entity, and the events that it gets. */
export interface Subscription {
  readonly entity: EntityId
  /** Calls the handler. */
  readonly run: (asyncLoad: AsyncLoad) => void
  /** Rises with each subscription: handlers run in this order. */
  readonly order: number
  /** The sockets whose events it gets, a server's with those of its clients; `undefined` if it gets every event. */
  readonly from: Set<EntityId> | undefined
  isActive: boolean
}

/** Of a socket without any. */
export const noSubscribers: readonly Subscription[] = []

/** The subscribers of one socket, and the version of the subscriptions that the list was made of. */
export interface SubscriberCache {
  list: readonly Subscription[]
  version: number
}
