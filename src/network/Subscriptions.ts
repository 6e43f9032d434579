import type { EntityId } from 'bitecs'
import { type AsyncNetworkingStore } from '../../components/AsyncNetworking.ts'
import { type EventSocket } from '../event/EventSocket.ts'
import { noSubscribers, type Subscription } from '../event/Subscription.ts'

/** Stands for every socket, where a socket's entity could stand. */
const everything = '*'

type Target = EntityId | typeof everything

/**
 * Which handlers get which events. The lists are replaced, never changed, so one that is being walked stays as it was; a
 * subscription that ends meanwhile is not active any more.
 */
export interface Subscriptions {
  /** The store of `AsyncNetworking`: those of each entity, in order. */
  readonly byEntity: AsyncNetworkingStore['subscriptions']
  /** By socket: those narrowed to it, in order; and those that get every event. */
  readonly byTarget: Map<Target, readonly Subscription[]>
  /** Counts changes, so that sockets can keep the list made for them. */
  version: number
}

export function createSubscriptions(byEntity: Subscriptions['byEntity']): Subscriptions {
  // The world may have been reset.
  byEntity.length = 0
  return { byEntity, byTarget: new Map(), version: 0 }
}

/** `run` gets events from now on, after all that do already: those of the sockets `from`, or all. */
export function subscribe(
  subscriptions: Subscriptions,
  entity: EntityId,
  run: Subscription['run'],
  from: Set<EntityId> | undefined,
): Subscription {
  const { byEntity, byTarget } = subscriptions
  const order = subscriptions.version++
  const subscription = { entity, run, order, from, isActive: true }
  byEntity[entity] = [...(byEntity[entity] ?? []), subscription]
  for (const target of from ?? ([everything] as const))
    byTarget.set(target, [...(byTarget.get(target) ?? []), subscription])
  return subscription
}

/** Ends a subscription. Returns whether its entity has none left. */
export function unsubscribe(subscriptions: Subscriptions, subscription: Subscription): boolean {
  const { byEntity } = subscriptions
  const { entity, from } = subscription
  if (!subscription.isActive) return false
  subscription.isActive = false
  for (const target of from ?? ([everything] as const)) unlist(subscriptions, target, subscription)
  const rest = byEntity[entity]?.filter((other) => other !== subscription)
  byEntity[entity] = rest
  return rest?.length === 0
}

/** A socket is removed: what was narrowed to it alone ends. Returns the entities that have no subscription left. */
export function unsubscribeFrom(subscriptions: Subscriptions, socket: EntityId): EntityId[] {
  const narrowed = subscriptions.byTarget.get(socket) ?? []
  subscriptions.byTarget.delete(socket)
  subscriptions.version++
  const ended = narrowed.filter((each) => {
    each.from?.delete(socket)
    return each.from?.size === 0 && unsubscribe(subscriptions, each)
  })
  return ended.map(({ entity }) => entity)
}

function unlist(subscriptions: Subscriptions, target: Target, subscription: Subscription): void {
  const { byTarget } = subscriptions
  const rest = byTarget.get(target)?.filter((other) => other !== subscription) ?? []
  subscriptions.version++
  if (rest.length > 0) byTarget.set(target, rest)
  else byTarget.delete(target)
}

/** The subscribers of a socket, and of its server if it was accepted, in order. */
export function subscribersOf(
  subscriptions: Subscriptions,
  socket: EventSocket,
): readonly Subscription[] {
  const { subscribers } = socket
  if (subscribers.version !== subscriptions.version) {
    subscribers.version = subscriptions.version
    subscribers.list = merge(subscriptions, socket)
  }
  return subscribers.list
}

function merge(
  { byTarget }: Subscriptions,
  { entity, server }: EventSocket,
): readonly Subscription[] {
  const targets: Target[] = [everything, entity, server?.entity ?? entity]
  const lists = new Set(targets.map((target) => byTarget.get(target) ?? noSubscribers))
  lists.delete(noSubscribers)
  // Most sockets share the list of their server, which is in order.
  if (lists.size <= 1) return [...lists][0] ?? noSubscribers
  return [...new Set([...lists].flat())].sort((a, b) => a.order - b.order)
}
