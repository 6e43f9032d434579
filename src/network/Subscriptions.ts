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

/**
 * Which entities get which events. The lists are replaced, never changed, so one that is being walked stays as it was; a
 * subscription that ends meanwhile is not active any more.
 */
export interface Subscriptions {
  readonly world: World
  readonly byEntity: Map<EntityId, Subscription>
  /** Those that get every event, in order. */
  general: readonly Subscription[]
  /** By socket: those narrowed to it, in order. */
  readonly narrowed: Map<EntityId, readonly Subscription[]>
  /** Counts changes, so that sockets can keep the list made for them. */
  version: number
  nextOrder: number
  /** How many of {@link subscriptionTargets} are observed in this world. */
  watched: number
}

const none: readonly Subscription[] = []

export function createSubscriptions(world: World): Subscriptions {
  return {
    world,
    byEntity: new Map(),
    general: none,
    narrowed: new Map(),
    version: 0,
    nextOrder: 0,
    watched: 0,
  }
}

/** `entity` gets events from now on, after all that do already. */
export function subscribe(subscriptions: Subscriptions, entity: EntityId): void {
  watchTargets(subscriptions)
  const targets = new Set(getRelationTargets(subscriptions.world, entity, SubscribedTo))
  const order = subscriptions.nextOrder++
  const subscription: Subscription = { entity, order, targets, isActive: true }
  subscriptions.byEntity.set(entity, subscription)
  subscriptions.version++
  if (targets.size === 0)
    subscriptions.general = withSubscription(subscriptions.general, subscription)
  for (const target of targets) narrow(subscriptions, subscription, target)
}

export function unsubscribe(subscriptions: Subscriptions, entity: EntityId): void {
  const subscription = subscriptions.byEntity.get(entity)
  if (subscription === undefined) return
  subscription.isActive = false
  subscriptions.byEntity.delete(entity)
  subscriptions.version++
  subscriptions.general = subscriptions.general.filter((other) => other !== subscription)
  for (const target of subscription.targets) widen(subscriptions, subscription, target)
}

/** The subscribers of a socket, whose server is `server` if it was accepted. */
export function subscribersOf(
  subscriptions: Subscriptions,
  cache: SubscriberCache,
  socket: EntityId,
  server: EntityId | undefined,
): readonly Subscription[] {
  if (subscriptions.watched < subscriptionTargets.length) watchTargets(subscriptions)
  if (subscriptions.narrowed.size === 0) return subscriptions.general
  if (cache.version !== subscriptions.version) {
    cache.version = subscriptions.version
    cache.list = merge(subscriptions, socket, server)
  }
  return cache.list
}

function merge(
  { general, narrowed }: Subscriptions,
  socket: EntityId,
  server: EntityId | undefined,
): readonly Subscription[] {
  const own = narrowed.get(socket) ?? none
  const ofServer = (server === undefined ? undefined : narrowed.get(server)) ?? none
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
  subscriptions.version++
  if (subscription.targets.size === 0)
    subscriptions.general = subscriptions.general.filter((other) => other !== subscription)
  subscription.targets.add(target)
  narrow(subscriptions, subscription, target)
}

function removeTarget(subscriptions: Subscriptions, entity: EntityId, target: EntityId): void {
  const subscription = subscriptions.byEntity.get(entity)
  if (subscription === undefined || !subscription.targets.delete(target)) return
  subscriptions.version++
  widen(subscriptions, subscription, target)
  if (subscription.targets.size === 0)
    subscriptions.general = withSubscription(subscriptions.general, subscription)
}

function narrow({ narrowed }: Subscriptions, subscription: Subscription, target: EntityId): void {
  narrowed.set(target, withSubscription(narrowed.get(target) ?? none, subscription))
}

function widen({ narrowed }: Subscriptions, subscription: Subscription, target: EntityId): void {
  const rest = (narrowed.get(target) ?? none).filter((other) => other !== subscription)
  if (rest.length === 0) narrowed.delete(target)
  else narrowed.set(target, rest)
}

function withSubscription(
  list: readonly Subscription[],
  subscription: Subscription,
): readonly Subscription[] {
  return [...list, subscription].sort((a, b) => a.order - b.order)
}
