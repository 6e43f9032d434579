import { type World } from 'bitecs'
import { wrongType } from '../errors/argumentErrors.ts'
import { createTraffic } from '../network/createTraffic.ts'
import { networkOf } from '../network/networkOf.ts'
import { type Observation, type TrafficObserver } from '../network/Traffic.ts'

const where = 'observeTraffic'
const names = ['received', 'sent'] as const

/**
 * Lets an observer look at what a world receives and sends, for lists of events, logs and recordings. It runs in the tick:
 * `received` when the tick has taken what has arrived, before any handler; `sent` at its end, before the tick hands over
 * what was sent. What is sent between two ticks is shown at the end of the next. What an observer throws, the tick throws
 * when it is done, as it does with a handler's error. `NetworkSystem` throws when an observer calls it.
 *
 * An observer does not subscribe: it also gets events that no handler gets. Without observers nothing is kept or copied,
 * and what is sent only for those that have `sent`.
 *
 * @returns a function that ends the observation
 * @throws TypeError unless `observer` is an object with a function `received` or `sent`, or with both
 */
export function observeTraffic(world: World, observer: TrafficObserver): () => void {
  const network = networkOf(where, world)
  if (typeof observer !== 'object' || observer === null || !names.some((name) => name in observer))
    throw wrongType(where, 'observer', 'an object with received, sent or both', observer)
  for (const name of names) {
    const callback: unknown = observer[name]
    if (callback !== undefined && typeof callback !== 'function')
      throw wrongType(where, `observer.${name}`, 'a function', callback)
  }
  const traffic = (network.traffic ??= createTraffic(network))
  const observation: Observation = { observer, sent: [] }
  traffic.observations = [...traffic.observations, observation]
  return () => {
    traffic.observations = traffic.observations.filter((other) => other !== observation)
    if (traffic.observations.length === 0 && network.traffic === traffic)
      network.traffic = undefined
  }
}
