import {
  createRelation,
  type EntityId,
  getRelationTargets,
  type Relation,
  removeComponent,
  withOnTargetRemoved,
  withStore,
  type World,
} from 'bitecs'
import { AsyncNetworking } from './AsyncNetworking.ts'

const targets: EntityId[] = []

/**
 * Narrows an entity's subscription to one socket, or to several: `addComponent(world, player,
 * SubscribedTo(socket))`. A server's covers the sockets it accepted. Without it an entity gets every event
 * of its world, as in GameMaker. When the last socket it was narrowed to is removed, the subscription ends.
 */
export const SubscribedTo: Relation<object> = /* @__PURE__ */ createRelation(
  withStore((target: EntityId) => {
    if (typeof target === 'number') targets.push(target)
    return {}
  }),
  withOnTargetRemoved(endSubscription as unknown as (subject: EntityId, target: EntityId) => void),
)

/** Every entity id that has been a target of {@link SubscribedTo} in any world, in order. Only grows. */
export const subscriptionTargets: readonly EntityId[] = targets

/** bitECS passes the world first, though its type does not say so. */
function endSubscription(world: World, subject: EntityId): void {
  if (getRelationTargets(world, subject, SubscribedTo).length === 0)
    removeComponent(world, subject, AsyncNetworking)
}
