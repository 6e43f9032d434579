import { type World } from 'bitecs'
import { receiveTick } from '../src/network/runTick.ts'

/**
 * Optional: takes what has arrived, so that the systems between here and `NetworkSystem` can read this
 * tick's events from the `NetworkEvent` component instead of subscribing:
 *
 * ```ts
 * for (const socket of query(world, [NetworkEvent]))
 *   for (const asyncLoad of NetworkEvent(world).events[socket] ?? []) …
 * ```
 *
 * Without it `NetworkSystem` does this itself. What is taken here is not taken again.
 *
 * @returns the world, for pipelines
 */
export function NetworkReceiveSystem<W extends World>(world: W): W {
  receiveTick(world)
  return world
}
