import { type AsyncLoad, endAsyncLoad } from '../../components/AsyncLoad.ts'
import { type Arrival, isData } from './Arrival.ts'
import { createDataLoad, createStateLoad } from './createLoad.ts'

/**
 * A socket's events of one tick that have not been handled yet. They are made when somebody looks at them;
 * the handlers then get the same ones. If nobody looks, each is made right before its handlers run, and is
 * garbage right after.
 */
export class SocketEvents implements Iterable<AsyncLoad> {
  readonly #arrivals: Arrival[] = []
  #loads: (AsyncLoad | undefined)[] | undefined
  /** How many of `#loads` have been handled. */
  #handled = 0

  add(arrival: Arrival): void {
    this.#arrivals.push(arrival)
  }

  [Symbol.iterator](): Iterator<AsyncLoad> {
    this.#loads ??= this.#arrivals.flatMap(loadsOf)
    return this.#loads
      .slice(this.#handled)
      .filter((load) => load !== undefined)
      .values()
  }

  /** The event to handle next, the first of `arrival`. */
  take(arrival: Arrival): AsyncLoad | undefined {
    if (this.#loads !== undefined) {
      arrival.count--
      return this.#loads[this.#handled++]
    }
    if (isData(arrival)) return createDataLoad(arrival)
    arrival.count = 0
    return createStateLoad(arrival)
  }

  /** Ends those that nobody will handle. */
  end(): void {
    for (const load of this.#loads?.slice(this.#handled) ?? [])
      if (load !== undefined) endAsyncLoad(load)
  }
}

function loadsOf(arrival: Arrival): (AsyncLoad | undefined)[] {
  if (!isData(arrival)) return arrival.count === 0 ? [] : [createStateLoad(arrival)]
  const rest = { ...arrival }
  return Array.from({ length: arrival.count }, () => createDataLoad(rest))
}
