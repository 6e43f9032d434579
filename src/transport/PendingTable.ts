/**
 * Connections whose handshake is not done, by address, each in order of arrival. When there are too many, the oldest of the
 * address that has most goes, so that silent connections lock nobody out.
 */
export class PendingTable<Pending> implements Iterable<Pending> {
  size = 0
  readonly #addresses = new Map<string, Map<Pending, number>>()
  /** Of the next arrival. */
  #order = 0

  /** Adds a connection. Its address must be the same when it is removed. */
  add(address: string, pending: Pending): void {
    const own = this.#addresses.get(address) ?? new Map<Pending, number>()
    this.#addresses.set(address, own)
    if (!own.has(pending)) this.size++
    own.set(pending, this.#order++)
  }

  /** Returns whether it was there. */
  remove(address: string, pending: Pending): boolean {
    const own = this.#addresses.get(address)
    if (own?.delete(pending) !== true) return false
    if (own.size === 0) this.#addresses.delete(address)
    this.size--
    return true
  }

  /** The connection that has to go, if there are more than `sizeMax`. Walks the addresses, not the connections. */
  beyond(sizeMax: number): Pending | undefined {
    if (this.size <= sizeMax) return undefined
    let most = 0
    let oldest = Infinity
    let found: Pending | undefined
    for (const own of this.#addresses.values()) {
      const [pending, order] = own.entries().next().value!
      if (own.size < most || (own.size === most && order > oldest)) continue
      most = own.size
      oldest = order
      found = pending
    }
    return found
  }

  /** All of them, by address. They may be removed meanwhile. */
  [Symbol.iterator](): Iterator<Pending> {
    const all: Pending[] = []
    for (const own of this.#addresses.values()) all.push(...own.keys())
    return all.values()
  }
}
