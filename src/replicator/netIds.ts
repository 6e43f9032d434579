import type { EntityId, World } from 'bitecs'
import { replicaOf } from './applyReferences.ts'
import { slotOf } from '../replication/netId.ts'
import { replicatorOf } from './Replicator.ts'

/**
 * What both ends call an entity that is replicated, for packets of your own: a positive number of 32 bits. It is never another
 * entity's, as long as the server replicates.
 *
 * @returns the net id, or 0 for an entity that is not replicated
 */
export function netIdOf(world: World, entity: EntityId): number {
  const { host, replicas } = replicatorOf('netIdOf', world)
  const own = host?.netIds.get(entity)
  if (own !== undefined) return own
  const guest = replicas.get(entity)
  return guest === undefined ? 0 : guest.replicas.netId[guest.indices.get(entity)!]!
}

/** The entity that both ends call by a net id, `undefined` if it is not here: not yet, no longer, or hidden from this client. */
export function entityOf(world: World, netId: number): EntityId | undefined {
  const { host, guests, lost } = replicatorOf('entityOf', world)
  const slot = slotOf(netId)
  const entity = host?.entities[slot]
  if (entity !== undefined && host?.netIds.get(entity) === netId) return entity
  for (const guest of [...guests.values(), ...lost]) {
    const replica = replicaOf(guest, netId)
    if (replica !== undefined) return replica
  }
  return undefined
}
