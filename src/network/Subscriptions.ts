import type { EntityId, World } from 'bitecs'
import { narrowings } from '../event/narrowings.ts'
import { type SubscriberCache, type Subscription } from '../event/Subscription.ts'

/** Stands for every socket, where a socket's entity could stand. */
const everything = '*'

type Target = EntityId | typeof everything

/**
 * Which entities get which events. The lists are replaced, never changed, so one that is being walked stays as it was; a
 * subscription that ends meanwhile is not active any more.
 */
export interface Subscriptions {
  readonly world: World
  readonly byEntity: Map<EntityId, Subscription>
  /** By socket: those narrowed to it, in order; and those that get every event. */
  readonly byTarget: Map<Target, readonly Subscription[]>
  /** Counts changes, so that sockets can keep the list made for them. */
  version: number
  nextOrder: number
  /** How many of {@link narrowings} are watched in this world. */
  watched: number
}

export function createSubscriptions(world: World): Subscriptions {
  return { world, byEntity: new Map(), byTarget: new Map(), version: 0, nextOrder: 0, watched: 0 }
}

/** `entity` gets events from now on, after all that do already. */
export function subscribe(subscriptions: Subscriptions, entity: EntityId): void {
  watchTargets(subscriptions)
  const targets = new Set(narrowings.at(-1)?.targetsOf(subscriptions.world, entity))
  const order = subscriptions.nextOrder++
  const subscription: Subscription = { entity, order, targets, isActive: true }
  subscriptions.byEntity.set(entity, subscription)
  for (const target of targetsOf(subscription)) list(subscriptions, target, subscription)
}

export function unsubscribe(subscriptions: Subscriptions, entity: EntityId): void {
  const subscription = subscriptions.byEntity.get(entity)
  if (subscription === undefined) return
  subscription.isActive = false
  subscriptions.byEntity.delete(entity)
  for (const target of targetsOf(subscription)) unlist(subscriptions, target, subscription)
}

/** The subscribers of a socket, whose server is `server` if it was accepted. */
export function subscribersOf(
  subscriptions: Subscriptions,
  cache: SubscriberCache,
  socket: EntityId,
  server: EntityId | undefined,
): readonly Subscription[] {
  watchTargets(subscriptions)
  if (cache.version !== subscriptions.version) {
    cache.version = subscriptions.version
    cache.list = merge(subscriptions, socket, server)
  }
  return cache.list
}

function merge(
  { byTarget }: Subscriptions,
  socket: EntityId,
  server: EntityId | undefined,
): readonly Subscription[] {
  const general = byTarget.get(everything) ?? []
  const own = byTarget.get(socket) ?? []
  const ofServer = (server === undefined ? undefined : byTarget.get(server)) ?? []
  if (own.length + ofServer.length === 0) return general
  return [...new Set([...general, ...own, ...ofServer])].sort((a, b) => a.order - b.order)
}

function watchTargets(subscriptions: Subscriptions): void {
  while (subscriptions.watched < narrowings.length) {
    const narrowing = narrowings[subscriptions.watched++]!
    const { target } = narrowing
    narrowing.watch(subscriptions.world, (entity, isNarrowed) => {
      const subscription = subscriptions.byEntity.get(entity)
      if (subscription === undefined || subscription.targets.has(target) === isNarrowed) return
      const { targets } = subscription
      if (isNarrowed) {
        if (targets.size === 0) unlist(subscriptions, everything, subscription)
        targets.add(target)
        list(subscriptions, target, subscription)
      } else {
        targets.delete(target)
        unlist(subscriptions, target, subscription)
        if (targets.size === 0) list(subscriptions, everything, subscription)
      }
    })
  }
}

function targetsOf({ targets }: Subscription): Iterable<Target> {
  return targets.size === 0 ? [everything] : targets
}

function list(subscriptions: Subscriptions, target: Target, subscription: Subscription): void {
  const { byTarget } = subscriptions
  const others = byTarget.get(target) ?? []
  subscriptions.version++
  byTarget.set(
    target,
    [...others, subscription].sort((a, b) => a.order - b.order),
  )
}

function unlist(subscriptions: Subscriptions, target: Target, subscription: Subscription): void {
  const { byTarget } = subscriptions
  const rest = byTarget.get(target)?.filter((other) => other !== subscription) ?? []
  subscriptions.version++
  if (rest.length > 0) byTarget.set(target, rest)
  else byTarget.delete(target)
}
