import { PortAllocator } from '../transport/memory/PortAllocator.ts'

/** The ports of one kind that a machine has. */
export class PortTable<Owner> {
  readonly #owners = new Map<number, Owner | undefined>()
  readonly #allocator = new PortAllocator((port) => this.#owners.has(port))

  /** Takes a port, any free one for 0. Returns `undefined` if it is taken, or none is free. */
  take(wanted: number, owner?: Owner): number | undefined {
    const port = wanted === 0 ? this.#allocator.next() : wanted
    if (port === undefined || this.#owners.has(port)) return undefined
    this.#owners.set(port, owner)
    return port
  }

  /** Who has a port, unless it is an end of a connection. */
  ownerOf(port: number): Owner | undefined {
    return this.#owners.get(port)
  }

  free(port: number): void {
    this.#owners.delete(port)
  }
}
