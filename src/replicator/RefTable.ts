/** Which fields of replicas refer to which entities of the server, so that they can be filled when those come. */
export interface RefTable {
  /** By net id: the fields that hold it. */
  readonly holders: Map<number, Set<number>>
  /** By field: the net ids that it holds. */
  readonly held: Map<number, readonly number[]>
}

const none: readonly number[] = []

/** Stands for a field of a replica that refers to entities: a `ref` or a relation. */
export function refKey(index: number, component: number, field: number): number {
  return (index << 11) | (component << 5) | field
}

export function readRefKey(key: number): { index: number; component: number; field: number } {
  return { index: key >>> 11, component: (key >> 5) & 63, field: key & 31 }
}

export function createRefTable(): RefTable {
  return { holders: new Map(), held: new Map() }
}

/** A field holds these net ids from now on. Returns those that it held before. */
export function holdRefs(
  { holders, held }: RefTable,
  key: number,
  netIds: readonly number[],
): readonly number[] {
  const before = held.get(key) ?? none
  for (const netId of before) {
    const keys = holders.get(netId)
    keys?.delete(key)
    if (keys?.size === 0) holders.delete(netId)
  }
  if (netIds.length === 0) held.delete(key)
  else held.set(key, netIds)
  for (const netId of netIds) {
    const keys = holders.get(netId)
    if (keys === undefined) holders.set(netId, new Set([key]))
    else keys.add(key)
  }
  return before
}
