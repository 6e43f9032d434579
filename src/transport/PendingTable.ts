/** The connections of one address and their places in the order of arrival, in that order. */
type OfAddress<Pending> = Map<Pending, number>

/**
 * Connections whose handshake is not done, by address, each in order of arrival. When there are too many, the oldest of the
 * address that has most goes, so that silent connections lock nobody out.
 */
export class PendingTable<Pending> implements Iterable<Pending> {
  readonly #all = new Set<Pending>()
  readonly #addresses = new Map<string, OfAddress<Pending>>()
  /**
   * The addresses by how many connections they have, up to those that have most. Going through all of them for each
   * connection would make a flood from many addresses costly.
   */
  readonly #bySize: Set<OfAddress<Pending>>[] = [new Set()]
  /** Of the next arrival. */
  #order = 0

  get size(): number {
    return this.#all.size
  }

  /** Adds a connection. Its address must be the same when it is removed. */
  add(address: string, pending: Pending): void {
    if (this.#all.has(pending)) return
    this.#all.add(pending)
    const own: OfAddress<Pending> = this.#addresses.get(address) ?? new Map()
    this.#addresses.set(address, own)
    this.#bySize[own.size]!.delete(own)
    own.set(pending, this.#order++)
    ;(this.#bySize[own.size] ??= new Set()).add(own)
  }

  /** Returns whether it was there. */
  remove(address: string, pending: Pending): boolean {
    const own = this.#addresses.get(address)
    if (own?.delete(pending) !== true) return false
    this.#all.delete(pending)
    this.#bySize[own.size + 1]!.delete(own)
    if (own.size === 0) this.#addresses.delete(address)
    else this.#bySize[own.size]!.add(own)
    if (this.#most.size === 0 && this.#bySize.length > 1) this.#bySize.pop()
    return true
  }

  /** The connection that has to go, if there are more than `sizeMax`. Walks only the addresses that have most. */
  beyond(sizeMax: number): Pending | undefined {
    if (this.size <= sizeMax) return undefined
    // Each address has one.
    if (this.#bySize.length === 2) return this.#all.values().next().value
    let oldest = Infinity
    let found: Pending | undefined
    for (const own of this.#most) {
      const [pending, order] = own.entries().next().value!
      if (order > oldest) continue
      oldest = order
      found = pending
    }
    return found
  }

  get #most(): Set<OfAddress<Pending>> {
    return this.#bySize.at(-1)!
  }

  /** All of them, in order of arrival. They may be removed meanwhile. */
  [Symbol.iterator](): Iterator<Pending> {
    return [...this.#all].values()
  }
}
