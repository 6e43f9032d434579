import { lookup as lookUp, type LookupAddress } from 'node:dns'
import { type LookupFunction } from 'node:net'
import { realClock } from '../../clock/Clock.ts'
import { setLimit } from '../../clock/patience.ts'

type Done = Parameters<LookupFunction>[2]

/**
 * The addresses of a host name, at which a connection is tried one after the other, each but the last for half of its time.
 * Node's own choice, `autoSelectFamily`, goes by a timer that takes a standstill of the program for one of the network.
 */
export class AddressTurns {
  readonly #turnMs: number
  readonly #expired: () => void
  /** Those that were not tried; `undefined` until the name service has answered. */
  #left: LookupAddress[] | undefined
  #cancelLimit: (() => void) | undefined
  #isOver = false

  /** @param expired the time of an address is up */
  constructor(timeoutMs: number, expired: () => void) {
    this.#turnMs = timeoutMs / 2
    this.#expired = expired
  }

  /** Options of `net.connect`, for each turn. */
  get options(): { readonly autoSelectFamily: false; readonly lookup: LookupFunction } {
    return {
      autoSelectFamily: false,
      lookup: (host, options, done) => {
        if (this.#left !== undefined) queueMicrotask(() => this.#begin(done))
        else
          lookUp(host, { ...options, all: true }, (error, addresses) => {
            this.#left = error === null ? alternate(addresses) : []
            if (error === null) this.#begin(done)
            else done(error, '')
          })
      },
    }
  }

  /** The connection was not made. Returns whether there is another address to try. */
  next(): boolean {
    this.#cancelLimit?.()
    return !this.#isOver && (this.#left?.length ?? 0) > 0
  }

  /** The connection was made, or given up: no address follows. */
  end(): void {
    this.#isOver = true
    this.#cancelLimit?.()
  }

  #begin(done: Done): void {
    const { address, family } = this.#left!.shift()!
    if (this.next()) this.#cancelLimit = setLimit(realClock, this.#turnMs, this.#expired)
    done(null, address, family)
  }
}

/** The two families in turn, beginning with that of the first address. */
function alternate(addresses: readonly LookupAddress[]): LookupAddress[] {
  const placeOf = ({ family }: LookupAddress, index: number): number =>
    addresses.slice(0, index).filter((other) => other.family === family).length
  const places = new Map(addresses.map((each, index) => [each, placeOf(each, index)]))
  return [...addresses].sort((a, b) => places.get(a)! - places.get(b)!)
}
