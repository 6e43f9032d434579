/** Ports given out for port 0 and to connecting ends (RFC 6335 section 6, dynamic ports). */
const firstDynamicPort = 49_152
const lastDynamicPort = 65_535

/** Gives out the ports of a network in memory, each in turn, so that one that was used is not used again soon. */
export class PortAllocator {
  #last = lastDynamicPort
  readonly #isTaken: (port: number) => boolean

  constructor(isTaken: (port: number) => boolean) {
    this.#isTaken = isTaken
  }

  /** A free port, or `undefined` if there is none. */
  next(): number | undefined {
    for (let tries = firstDynamicPort; tries <= lastDynamicPort; tries++) {
      this.#last = this.#last === lastDynamicPort ? firstDynamicPort : this.#last + 1
      if (!this.#isTaken(this.#last)) return this.#last
    }
    return undefined
  }
}
