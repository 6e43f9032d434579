// bitECS 0.4 with version bits writes an entity's place in its index under the whole id, but looks for it under the id
// without its version. So an entity that was recycled out of order is there, and yet `entityExists` is false, components
// cannot be added, and it cannot be removed.

import { addEntity, type EntityId, entityExists, removeEntity, type World } from 'bitecs'
import { warn, type Warner } from '../warnings/Warner.ts'
import { entityIndexOf } from './entityIndexOf.ts'

const kind = 'versioning'

/** A world, and who is told what it has lost. */
interface WarnedWorld {
  readonly world: World
  readonly warner: Warner
}

/** Whether an entity is there. One that bitECS has lost is found again first, with a warning once. */
export function isLive({ world, warner }: WarnedWorld, entity: EntityId): boolean {
  if (entityExists(world, entity)) return true
  const index = entityIndexOf(world)
  if (index?.versioning !== true) return false
  const place = index.sparse[entity]
  if (place === undefined || place >= index.aliveCount || index.dense[place] !== entity)
    return false
  index.sparse[entity & index.entityMask] = place
  if (!warner.lastMs.has(kind))
    warn(
      warner,
      kind,
      'bitECS 0.4 may lose your entities in a world with versioning (docs/tick.md)',
    )
  return true
}

/** Adds the entity of a socket. Never a negative id, as version bits make of some: below 0 a result is a `NetworkError`. */
export function addSocketEntity(host: WarnedWorld): EntityId {
  const { world } = host
  const others: EntityId[] = []
  let entity = addEntity(world)
  // A new id, which follows when no recycled one is left, is never negative.
  while (entity < 0) {
    others.push(entity)
    entity = addEntity(world)
  }
  isLive(host, entity)
  for (const other of others) if (isLive(host, other)) removeEntity(world, other)
  return entity
}
