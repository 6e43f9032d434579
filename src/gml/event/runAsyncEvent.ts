// One run of an asynchronous event: `async_load` names its map while its handlers run.

import { type GmlWorld, whileBound } from '../binding.ts'
import { removeMap } from '../ds/dsHandles.ts'
import { type HandlerList, runHandlers } from '../handlerList.ts'
import { replaceAsyncLoad } from './async_load.ts'

/** Whether nothing but the end of its handlers ends an event. */
function never(): boolean {
  return false
}

/**
 * Runs an event: sets `async_load`, runs the handlers, destroys the map and puts the former `async_load` back, so events
 * may run inside events. What handlers throw goes into `errors`.
 *
 * @param isOver asked before each handler: whether nobody else is to hear it
 */
export function runAsyncEvent(
  gml: GmlWorld,
  handlers: HandlerList,
  map: number,
  errors: unknown[],
  isOver: () => boolean = never,
): void {
  const before = replaceAsyncLoad(map)
  whileBound(gml.network.world, () => runHandlers(handlers, gml.network.warner, errors, isOver))
  replaceAsyncLoad(before)
  removeMap(map)
}
