// The handlers of one asynchronous event, and how the event runs.

import { type Warner } from '../warnings/Warner.ts'
import { collectEach } from '../errors/collect.ts'
import { type HandlerResult, refusePromise } from '../warnings/refusePromise.ts'

/** A handler of an asynchronous event. It reads what has come from `async_load`. */
export type AsyncHandler = () => HandlerResult

/** Handlers in order of subscription; one function may stand in it several times. */
export type HandlerList = Set<{ readonly handler: AsyncHandler }>

export function createHandlerList(): HandlerList {
  return new Set()
}

/** Adds a handler and gives a function that takes it away. */
export function addHandler(list: HandlerList, handler: AsyncHandler): () => void {
  const subscription = { handler }
  list.add(subscription)
  return () => void list.delete(subscription)
}

/**
 * Runs the handlers that are subscribed now, but none that another of them takes away. What they throw goes into
 * `errors`.
 *
 * @param isOver asked before each: whether nobody else is to hear it
 */
export function runHandlers(
  list: HandlerList,
  warner: Warner,
  errors: unknown[],
  isOver: () => boolean,
): void {
  collectEach(errors, [...list], (subscription) => {
    if (!isOver() && list.has(subscription))
      refusePromise(warner, 'gml_on_networking', subscription.handler())
  })
}
