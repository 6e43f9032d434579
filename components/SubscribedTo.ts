import {
  createRelation,
  type EntityId,
  getRelationTargets,
  observe,
  onAdd,
  onRemove,
  query,
  type Relation,
  removeComponent,
  withOnTargetRemoved,
  withStore,
  type World,
} from 'bitecs'
import { type Narrowing, narrowings } from '../src/event/narrowings.ts'
import { AsyncNetworking } from './AsyncNetworking.ts'

/**
 * Narrows an entity's subscription to one socket, or to several: `addComponent(world, player,
 * SubscribedTo(socket))`. A server's covers the sockets it accepted. Without it an entity gets every event
 * of its world, as in GameMaker. When the last socket it was narrowed to is removed, the subscription ends.
 */
export const SubscribedTo: Relation<object> = /* @__PURE__ */ createRelation(
  withStore((target: EntityId) => {
    if (typeof target === 'number') narrowings.push(narrowingTo(target))
    return {}
  }),
  withOnTargetRemoved(endSubscription as unknown as (subject: EntityId, target: EntityId) => void),
)

/** bitECS has no hook for "any pair of a relation", so each target that ever was one is observed in each world. */
function narrowingTo(target: EntityId): Narrowing {
  return {
    target,
    targetsOf: (world, entity) => getRelationTargets(world, entity, SubscribedTo),
    watch(world, change) {
      const pair = SubscribedTo(target)
      observe(world, onAdd(pair), (entity) => change(entity, true))
      observe(world, onRemove(pair), (entity) => change(entity, false))
      for (const entity of query(world, [pair])) change(entity, true)
    },
  }
}

/** bitECS passes the world first, though its type does not say so. */
function endSubscription(world: World, subject: EntityId): void {
  if (getRelationTargets(world, subject, SubscribedTo).length === 0)
    removeComponent(world, subject, AsyncNetworking)
}
