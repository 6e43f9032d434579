import { type World } from 'bitecs'
import { wrongType } from '../errors/argumentErrors.ts'
import { networkOf } from '../network/networkOf.ts'
import { type TrafficObserver } from '../network/Traffic.ts'

/**
 * Lets an observer look at what a world receives and sends, for lists of events, logs and recordings. It runs in the tick:
 * `received` before any handler, `sent` before what was sent is handed over. What has been sent between two ticks is shown
 * in the next. What an observer throws comes out of the tick, as from a handler.
 *
 * An observer does not subscribe: an event without handlers is shown too. Without observers nothing is kept or copied.
 *
 * @returns a function that ends the observation
 * @throws TypeError unless `observer` is an object
 */
export function observeTraffic(world: World, observer: TrafficObserver): () => void {
  const { traffic } = networkOf('observeTraffic', world)
  if (typeof observer !== 'object' || observer === null)
    throw wrongType(
      'observeTraffic',
      'observer',
      'an object such as { received(events) {} }',
      observer,
    )
  traffic.observers = [...traffic.observers, observer]
  return () => {
    traffic.observers = traffic.observers.filter((other) => other !== observer)
  }
}
