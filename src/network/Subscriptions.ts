import {
  type EntityId,
  getRelationTargets,
  observe,
  onAdd,
  onRemove,
  query,
  type World,
} from 'bitecs'
import { SubscribedTo, subscriptionTargets } from '../../components/SubscribedTo.ts'
import { type SubscriberCache, type Subscription } from '../event/Subscription.ts'

/** Stands for every socket, where a socket's entity could stand. */
const everything = 'everything'

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
  /** How many of {@link subscriptionTargets} are observed in this world. */
  watched: number
}

export function createSubscriptions(world: World): Subscriptions {
  return { world, byEntity: new Map(), byTarget: new Map(), version: 0, nextOrder: 0, watched: 0 }
}

/** `entity` gets events from now on, after all that do already. */
export function subscribe(subscriptions: Subscriptions, entity: EntityId): void {
  watchTargets(subscriptions)
  const targets = new Set(getRelationTargets(subscriptions.world, entity, SubscribedTo))
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

/**
 * Observes who is narrowed to what. bitECS has no hook for "any pair of a relation", so each target that
 * ever was one is observed in each world.
 */
function watchTargets(subscriptions: Subscriptions): void {
  const { world } = subscriptions
  while (subscriptions.watched < subscriptionTargets.length) {
    const target = subscriptionTargets[subscriptions.watched++]!
    const pair = SubscribedTo(target)
    observe(world, onAdd(pair), (entity) => addTarget(subscriptions, entity, target))
    observe(world, onRemove(pair), (entity) => removeTarget(subscriptions, entity, target))
    for (const entity of query(world, [pair])) addTarget(subscriptions, entity, target)
  }
}

function addTarget(subscriptions: Subscriptions, entity: EntityId, target: EntityId): void {
  const subscription = subscriptions.byEntity.get(entity)
  if (subscription === undefined || subscription.targets.has(target)) return
  if (subscription.targets.size === 0) unlist(subscriptions, everything, subscription)
  subscription.targets.add(target)
  list(subscriptions, target, subscription)
}

function removeTarget(subscriptions: Subscriptions, entity: EntityId, target: EntityId): void {
  const subscription = subscriptions.byEntity.get(entity)
  if (subscription?.targets.delete(target) !== true) return
  unlist(subscriptions, target, subscription)
  if (subscription.targets.size === 0) list(subscriptions, everything, subscription)
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
