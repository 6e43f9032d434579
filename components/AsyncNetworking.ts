import type { World } from 'bitecs'
import { type Subscription } from '../src/event/Subscription.ts'
import { perWorld } from '../src/entities/perWorld.ts'

/** The subscriptions to Networking events, indexed by entity. */
export interface AsyncNetworkingStore {
  /** Those of each subscribed entity, in the order of the calls of `onNetworking`. */
  readonly subscriptions: (readonly Subscription[] | undefined)[]
}

/**
 * An entity that gets Networking events, as an instance whose object has GameMaker's Async Networking
 * event. `onNetworking` adds it; removing it ends all subscriptions of the entity.
 */
export const AsyncNetworking: (world: World) => AsyncNetworkingStore = /* @__PURE__ */ perWorld(
  () => ({ subscriptions: [] }),
)
