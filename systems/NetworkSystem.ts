import { type World } from 'bitecs'
import { runTick } from '../src/network/runTick.ts'

/**
 * Runs the Networking event for everything that has arrived since the last tick. Call it once per tick.
 *
 * 1. It takes what has arrived up to now. What arrives or is sent meanwhile waits for the next tick.
 * 2. It makes the entities of new connections, so ids are given out in the tick, in order.
 * 3. For each event, in order of arrival, it runs every subscriber's handler, then ends `asyncLoad` and
 *    frees its buffer.
 * 4. After a disconnect event it removes the entity of the accepted socket.
 * 5. It clears `NetworkEvent` and hands over what was sent, in one write per socket.
 *
 * A tick takes at most `eventsPerTickMax` events; the rest follows in the next ticks, in order.
 *
 * @returns the world, for pipelines
 * @throws what handlers threw, when the tick is done: the error itself, or an `AggregateError` of several
 */
export function NetworkSystem<W extends World>(world: W): W {
  runTick(world)
  return world
}
