// What `InterpolationSystem` does for one server.

import { addComponent, type EntityId, hasComponent, removeEntity } from 'bitecs'
import { Shown } from '../../components/replicationTags.ts'
import { collect } from '../errors/collect.ts'
import { isLive } from '../entities/liveEntities.ts'
import { releaseReplica } from '../replication/Replicas.ts'
import { type DeclaredComponent } from './Declared.ts'
import { type Guest } from './Guest.ts'
import { writeAt } from './readFields.ts'
import { type Replicator } from './Replicator.ts'

/** Shows the newest state of each replica. */
export function interpolate(replicator: Replicator, guest: Guest, errors: unknown[]): void {
  const { world, network, components } = replicator
  const { samples, coming, leaving } = guest.timeline
  samples.length = 0
  for (const entity of guest.indices.keys())
    for (const component of components)
      if (component.shown !== undefined && hasComponent(world, entity, component.component))
        showNewest(component, entity)
  for (const entity of coming.keys()) {
    coming.delete(entity)
    if (isLive(network, entity)) collect(errors, () => void addComponent(world, entity, Shown))
  }
  for (const [entity, { index }] of leaving) {
    leaving.delete(entity)
    releaseReplica(guest.replicas, index)
    if (isLive(network, entity)) collect(errors, () => removeEntity(world, entity))
  }
}

function showNewest({ declared, shown }: DeclaredComponent, entity: EntityId): void {
  for (const values of shown!.objects) values[entity] ??= {}
  for (const [at, { columns }] of declared.entries())
    for (const [axis, { values, key }] of columns.entries()) {
      const value = values[entity]
      const own = key === undefined ? value : (value as Record<string, unknown> | undefined)?.[key]
      writeAt(shown!.fields[at]!.columns[axis]!, entity, own)
    }
}
