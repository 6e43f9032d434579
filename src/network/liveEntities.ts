// bitECS 0.4 with version bits writes an entity's place in its index under the whole id, but looks for it under the id
// without its version. So an entity that was recycled out of order is there, and yet `entityExists` is false, components
// cannot be added, and it cannot be removed.

import {
  $internal,
  addEntity,
  type EntityId,
  entityExists,
  type InternalWorld,
  removeEntity,
} from 'bitecs'
import { warn } from '../config/Warner.ts'
import { type Network } from './Network.ts'

const kind = 'versioning'

/** Whether an entity is there. One that bitECS has lost is found again first, with a warning once. */
export function isLive({ world, warner }: Network, entity: EntityId): boolean {
  if (entityExists(world, entity)) return true
  const index = (world as Partial<InternalWorld>)[$internal]?.entityIndex
  if (index?.versioning !== true) return false
  const place = index.sparse[entity]
  if (place === undefined || place >= index.aliveCount || index.dense[place] !== entity)
    return false
  index.sparse[entity & index.entityMask] = place
  if (!warner.lastMs.has(kind))
    warn(
      warner,
      kind,
      'bitECS 0.4 loses entities of worlds with versioning: sockets go on, but your own entities may be lost (docs/tick.md)',
    )
  return true
}

/** Adds the entity of a socket. Never a negative id, as version bits make of some: below 0 a result is a `NetworkError`. */
export function addSocketEntity(network: Network): EntityId {
  const { world } = network
  const others: EntityId[] = []
  let entity = addEntity(world)
  // A new id, which follows when no recycled one is left, is never negative.
  while (entity < 0) {
    others.push(entity)
    entity = addEntity(world)
  }
  isLive(network, entity)
  for (const other of others) if (isLive(network, other)) removeEntity(world, other)
  return entity
}
