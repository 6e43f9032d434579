import type { World } from 'bitecs'
import { throwCollected } from '../src/errors/collect.ts'
import { interpolate } from '../src/replicator/interpolate.ts'
import { replicatorOf } from '../src/replicator/Replicator.ts'

/**
 * On a client: fills `shown` for the components that are declared with `interpolate`, once a frame, before anything is drawn.
 *
 * @returns the world, for pipelines
 * @throws Error before `replicate`; what observers of the user threw: the error itself, or an `AggregateError` of several
 */
export function InterpolationSystem<W extends World>(world: W): W {
  const replicator = replicatorOf('InterpolationSystem', world)
  const errors: unknown[] = []
  const { guests, lost, network } = replicator
  const now = network.config.clock.now()
  for (const guest of guests.values()) interpolate(replicator, guest, now, errors)
  for (const guest of lost) interpolate(replicator, guest, now, errors)
  throwCollected(errors)
  return world
}
