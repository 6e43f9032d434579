// Which entities of a client's world are replicas.

import { addComponent, addEntity, type EntityId, observe, onRemove } from 'bitecs'
import { isLive } from '../entities/liveEntities.ts'
import { type Guest } from './Guest.ts'
import { writeAt } from './readFields.ts'
import { readRefKey } from './RefTable.ts'
import { type Replicator } from './Replicator.ts'
import { endLeaving } from './Timeline.ts'

/** Every replica has it, from the first moment: so it is seen when an observer of the user removes one that is being made. */
const Replica: object = {}

/** Notes when replicas are removed here, by whomever. */
export function watchReplicas(replicator: Replicator): void {
  const { world, replicas, guests, lost } = replicator
  observe(world, onRemove(Replica), (entity) => {
    const guest = replicas.get(entity)
    if (guest !== undefined) forgetReplica(replicator, guest, entity)
    for (const { timeline } of [...guests.values(), ...lost]) endLeaving(timeline, entity)
  })
}

/** Makes the entity of a replica. An observer of the user may throw. */
export function makeReplica(
  { world, network, replicas }: Replicator,
  guest: Guest,
  index: number,
): void {
  const entity = addEntity(world)
  isLive(network, entity)
  guest.entities[index] = entity
  guest.indices.set(entity, index)
  replicas.set(entity, guest)
  addComponent(world, entity, Replica)
}

/** An entity is no replica any more: what refers to it is 0, until it comes again. */
export function forgetReplica(replicator: Replicator, guest: Guest, entity: EntityId): void {
  const index = guest.indices.get(entity)
  if (index === undefined) return
  guest.indices.delete(entity)
  guest.entities[index] = undefined
  guest.timeline.coming.delete(entity)
  replicator.replicas.delete(entity)
  fillRefs(replicator, guest, index, 0)
}

/** Writes an entity into the fields of type `ref` that hold the net id of a replica. */
export function fillRefs(
  { components }: Replicator,
  { refs, entities, replicas }: Guest,
  index: number,
  value: EntityId,
): void {
  for (const key of refs.holders.get(replicas.netId[index]!) ?? []) {
    const holder = readRefKey(key)
    const component = components[holder.component]!
    const entity = entities[holder.index]
    if (component.isRelation || entity === undefined) continue
    writeAt(component.declared[holder.field]!.columns[0]!, entity, value)
  }
}
