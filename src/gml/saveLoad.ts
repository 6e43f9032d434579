// The Async - Save/Load event: what buffer_save_async and buffer_load_async report.

import { createDsMap, setEntry } from '../ds-map/DsMap.ts'
import { collect } from '../errors/collect.ts'
import { runAsyncEvent } from './asyncEvent.ts'
import { boundWorld, type FinishedRequest, type GmlWorld } from './binding.ts'
import { addHandler, type AsyncHandler } from './handlerList.ts'
import { checkHandler } from './checkHandler.ts'
import { addMap } from './structures.ts'

let nextRequest = 0

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

/**
 * Reports the end of some work by the save/load event of the world that is bound now.
 *
 * @param work resolves to what is to be done in the step, which gives whether all has succeeded
 * @returns the request's number
 */
export function requestSaveLoad(where: string, work: Promise<() => boolean>): number {
  const { finished } = boundWorld(where)
  const id = nextRequest++
  void work.then(
    (complete) => finished.push({ id, complete }),
    () => finished.push({ id, complete: () => false }),
  )
  return id
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
