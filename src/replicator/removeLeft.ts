import { hasComponent, removeComponent, removeEntity } from 'bitecs'
import { Shown } from '../../components/replicationTags.ts'
import { collect } from '../errors/collect.ts'
import { isLive } from '../entities/liveEntities.ts'
import { type Guest } from './Guest.ts'
import { type Replicator } from './Replicator.ts'
import { endLeaving, type Leaving } from './Timeline.ts'

/** Removes entities that have ended, when their end is shown or they have waited for it long enough. */
export function removeLeft(
  { world, network }: Replicator,
  guest: Guest,
  nowMs: number,
  errors: unknown[],
): void {
  const { leaving, clock } = guest.timeline
  for (const [entity, left] of leaving) {
    if (!isOver(left, clock.shownTick, nowMs)) continue
    endLeaving(guest.timeline, entity)
    if (!isLive(network, entity)) continue
    if (hasComponent(world, entity, Shown))
      collect(errors, () => removeComponent(world, entity, Shown))
    if (isLive(network, entity)) collect(errors, () => removeEntity(world, entity))
  }
}

function isOver({ tick, untilMs }: Leaving, shownTick: number, nowMs: number): boolean {
  return shownTick >= tick || nowMs >= untilMs
}
