// What `InterpolationSystem` does for one server.

import { addComponent } from 'bitecs'
import { Shown } from '../../components/replicationTags.ts'
import { collect } from '../errors/collect.ts'
import { isLive } from '../entities/liveEntities.ts'
import { mixFrame, nextFrame } from '../replication/shown/mixFrame.ts'
import { stopMoving } from '../replication/shown/Mixer.ts'
import { advanceClock } from '../replication/shown/ShownClock.ts'
import { type Guest } from './Guest.ts'
import { removeLeft } from './removeLeft.ts'
import { type Replicator } from './Replicator.ts'
import { writeShown } from './writeShown.ts'

/** Moves what is shown of a server's entities to the time of a frame. What observers of the user throw is added to `errors`. */
export function interpolate(
  replicator: Replicator,
  guest: Guest,
  nowMs: number,
  errors: unknown[],
): void {
  const { clock, frame, coming, leaving } = guest.timeline
  const passedMs = nowMs - clock.frameMs
  advanceClock(clock, nowMs)
  if (Number.isNaN(clock.shownTick)) return
  nextFrame(frame, clock, passedMs)
  showMoving(replicator, guest)
  if (leaving.size > 0) removeLeft(replicator, guest, nowMs, errors)
  if (coming.size > 0) showComing(replicator, guest, errors)
}

function showMoving(replicator: Replicator, guest: Guest): void {
  const { entities, timeline } = guest
  const { mixer, frame, leavingAt } = timeline
  // From the end, since the last one comes to the place of one that stops.
  for (let place = mixer.count - 1; place >= 0; place--) {
    const index = mixer.moving[place]!
    const entity = entities[index]
    const left = entity === undefined ? leavingAt.get(index) : undefined
    const shown = entity ?? left?.entity
    if (shown === undefined || !mixFrame(mixer, index, frame, left?.lastTick ?? frame.now.newest)) {
      stopMoving(mixer, place)
      continue
    }
    writeShown(replicator, guest, index, shown)
    if (!mixer.span.isOpen && mixer.fadeMs[index] === 0) stopMoving(mixer, place)
  }
}

/** Replicas whose spawn is shown now. */
function showComing({ world, network }: Replicator, guest: Guest, errors: unknown[]): void {
  const { coming, clock } = guest.timeline
  for (const [entity, tick] of coming) {
    if (clock.shownTick < tick) continue
    coming.delete(entity)
    if (isLive(network, entity)) collect(errors, () => void addComponent(world, entity, Shown))
  }
}
