import type { EntityId, World } from 'bitecs'
import { type AsyncLoad } from '../src/event/AsyncLoad.ts'
import { perWorld } from './perWorld.ts'

/**
 * Runs for each Networking event.
 *
 * @param self the subscribed entity
 * @param asyncLoad the event, valid until the handler returns
 */
export type NetworkingHandler = (world: World, self: EntityId, asyncLoad: AsyncLoad) => void

/** The handlers of Networking events, indexed by entity. */
export interface AsyncNetworkingStore {
  /** One handler per subscribed entity. */
  readonly handler: (NetworkingHandler | undefined)[]
}

/**
 * An entity that gets Networking events, as an instance whose object has GameMaker's Async Networking
 * event. `onNetworking` adds it; removing it ends the subscription.
 */
export const AsyncNetworking: (world: World) => AsyncNetworkingStore = /* @__PURE__ */ perWorld(
  () => ({
    handler: [],
  }),
)
