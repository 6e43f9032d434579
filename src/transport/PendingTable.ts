// Connections whose handshake is not done. When there are too many, the oldest of the address that has most goes, so that silent
// connections lock nobody out.

/** Connections by address, each in order of arrival. */
export interface PendingTable<Pending> {
  readonly addresses: Map<string, Map<Pending, number>>
  size: number
  /** Of the next arrival. */
  order: number
}

export function createPendingTable<Pending>(): PendingTable<Pending> {
  return { addresses: new Map(), size: 0, order: 0 }
}

/** Adds a connection. Its address must be the same when it is removed. */
export function addPending<Pending>(
  table: PendingTable<Pending>,
  address: string,
  pending: Pending,
): void {
  const own = table.addresses.get(address) ?? new Map<Pending, number>()
  table.addresses.set(address, own)
  if (!own.has(pending)) table.size++
  own.set(pending, table.order++)
}

/** Returns whether it was there. */
export function removePending<Pending>(
  table: PendingTable<Pending>,
  address: string,
  pending: Pending,
): boolean {
  const own = table.addresses.get(address)
  if (own?.delete(pending) !== true) return false
  if (own.size === 0) table.addresses.delete(address)
  table.size--
  return true
}

/** The connection that has to go first. Walks the addresses, not the connections. */
export function nextToGo<Pending>(table: PendingTable<Pending>): Pending | undefined {
  let most = 0
  let oldest = Infinity
  let found: Pending | undefined
  for (const own of table.addresses.values()) {
    const [pending, order] = own.entries().next().value!
    if (own.size < most || (own.size === most && order > oldest)) continue
    most = own.size
    oldest = order
    found = pending
  }
  return found
}

/** All of them, by address. */
export function allPending<Pending>({ addresses }: PendingTable<Pending>): Pending[] {
  const all: Pending[] = []
  for (const own of addresses.values()) all.push(...own.keys())
  return all
}
