import type { World } from 'bitecs'
import { type AsyncLoad } from '../src/event/AsyncLoad.ts'
import { perWorld } from '../src/entities/perWorld.ts'

/** What has happened to sockets in this tick, indexed by entity. */
export interface NetworkEventStore {
  /**
   * The events of each socket in this tick that have not been handled yet, in order. Each lives until its
   * handlers have run.
   */
  readonly events: (Iterable<AsyncLoad> | undefined)[]
}

/**
 * A socket that has events in this tick. Connect and disconnect events of a server stand at the socket they
 * are about. Present from `NetworkReceiveSystem` to the end of `NetworkSystem`, so a system between the two
 * can read events by `query(world, [NetworkEvent])` instead of subscribing.
 */
export const NetworkEvent: (world: World) => NetworkEventStore = /* @__PURE__ */ perWorld(() => ({
  events: [],
}))
