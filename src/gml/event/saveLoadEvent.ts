// The Async - Save/Load event: what buffer_save_async and buffer_load_async report.

import { collect } from '../../errors/collect.ts'
import { boundWorld, type FinishedRequest, type GmlWorld } from '../binding.ts'
import { addMap } from '../ds/dsHandles.ts'
import { createDsMap, setEntry } from '../ds/structures/DsMap.ts'
import { addHandler, type AsyncHandler } from '../handlerList.ts'
import { checkHandler } from './checkHandler.ts'
import { runAsyncEvent } from './runAsyncEvent.ts'

/**
 * Subscribes a function to the Async - Save/Load event of the bound world; GameMaker has no such function. `async_load`
 * has `id`, what the request returned, and `status`, whether it succeeded. The event comes in `gml_step`.
 *
 * @returns a function that ends the subscription
 */
export function gml_on_save_load(handler: AsyncHandler): () => void {
  const where = 'gml_on_save_load'
  checkHandler(where, handler)
  return addHandler(boundWorld(where).saveLoad, handler)
}

/** Runs the events of what is finished by now. */
export function deliverSaveLoads(gml: GmlWorld, errors: unknown[]): void {
  for (const { id, complete } of gml.finished.splice(0)) {
    const map = createDsMap()
    setEntry(map, 'id', id)
    setEntry(map, 'status', succeeded(complete))
    runAsyncEvent(gml, gml.saveLoad, addMap(map), errors)
  }
}

function succeeded(complete: FinishedRequest['complete']): boolean {
  let status = false
  // What goes wrong with a file is told by the status.
  collect([], () => {
    status = complete()
  })
  return status
}
