import type { World } from 'bitecs'
import { checkObserver } from '../traffic/checkObserver.ts'
import { addObserver, createTraffic } from '../traffic/createTraffic.ts'
import { collect } from '../errors/collect.ts'
import { takeObserverError } from '../network/handlerErrors.ts'
import { networkOf } from '../network/networkOf.ts'
import { type TrafficObserver } from '../traffic/TrafficObserver.ts'

/**
 * Lets an observer look at what a world receives and sends, for lists of events, logs and recordings. It runs in the tick:
 * `received` when the tick has taken what has arrived, before any handler; `sent` at its end, before the tick hands over
 * what was sent. What is sent between two ticks is shown at the end of the next. What an observer throws, the tick throws
 * when it is done, as it does with a handler's error; a `BadMessageError`, which ends its look at the tick's events, is counted
 * and warned of instead, as the setting `badMessages` says, but closes no connection. `NetworkSystem` throws when an observer
 * calls it.
 *
 * An observer does not subscribe: it also gets events that no handler gets. Without observers nothing is kept or copied,
 * and what is sent only for those that have `sent`.
 *
 * @returns a function that ends the observation
 * @throws TypeError unless `observer` is an object with a function `received` or `sent`, or with both
 */
export function observeTraffic(world: World, observer: TrafficObserver): () => void {
  const network = networkOf('observeTraffic', world)
  checkObserver('observeTraffic', observer)
  const traffic = (network.traffic ??= createTraffic(network.tickEvents, (error, shown, errors) =>
    collect(errors, () => takeObserverError(network, shown, error, errors)),
  ))
  const remove = addObserver(traffic, observer)
  return () => {
    remove()
    if (traffic.observations.length === 0 && network.traffic === traffic)
      network.traffic = undefined
  }
}
