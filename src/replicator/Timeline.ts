// What a client goes by when it shows a server's entities between their ticks.

import { type EntityId } from 'bitecs'
import { createFrame, type Frame } from '../replication/shown/mixFrame.ts'
import { createMixer, type Mixer, noteChanges } from '../replication/shown/Mixer.ts'
import { createMixPlan } from '../replication/shown/MixPlan.ts'
import { createShownClock, noteSnapshot, type ShownClock } from '../replication/shown/ShownClock.ts'
import { historyMax } from '../replication/History.ts'
import { releaseReplica, type Replicas } from '../replication/Replicas.ts'
import { type Schema } from '../replication/Schema.ts'
import { type DeclaredComponent } from './Declared.ts'

/** An entity that has ended is shown no longer than this. */
const leavingMs = 500

export interface Timeline {
  readonly replicas: Replicas
  readonly clock: ShownClock
  readonly mixer: Mixer
  readonly frame: Frame
  /** Replicas with an `interpolate` component that wait for `Shown`, and the tick of their spawn. */
  readonly coming: Map<EntityId, number>
  /** Entities that have ended on the server but are still shown; and the same by index of the replica. */
  readonly leaving: Map<EntityId, Leaving>
  readonly leavingAt: Map<number, Leaving>
  /** The tick of the snapshot before the last one. */
  tickBefore: number
}

export interface Leaving {
  readonly entity: EntityId
  /** The replica that it was. */
  readonly index: number
  /** It is not there from this tick on. */
  readonly tick: number
  /** The last snapshot in which it was there. */
  readonly lastTick: number
  /** When it goes in any case. */
  readonly untilMs: number
}

/** How many snapshots a client keeps: those of the server's history, and what may wait until it is shown. */
export function rowsFor({ components }: Schema, history: number): number {
  const isMixed = components.some(({ interpolate }) => interpolate !== false)
  return isMixed ? Math.max(history, historyMax) : history
}

/** @param tickMs milliseconds a tick of the server */
export function createTimeline(
  replicas: Replicas,
  components: readonly DeclaredComponent[],
  tickMs: number,
): Timeline {
  const { schema, history } = replicas
  const teleports = components.map(({ teleport }) => teleport)
  return {
    replicas,
    clock: createShownClock(tickMs, history.rows),
    mixer: createMixer(replicas, createMixPlan(schema, teleports)),
    frame: createFrame(),
    coming: new Map(),
    leaving: new Map(),
    leavingAt: new Map(),
    tickBefore: 0,
  }
}

/** Notes a snapshot that was decoded, before it is applied. */
export function noteSample(timeline: Timeline, arrivalMs: number): void {
  const { clock, mixer, replicas } = timeline
  timeline.tickBefore = clock.newestTick
  noteSnapshot(clock, replicas.changes.tick, arrivalMs)
  noteChanges(mixer)
}

/**
 * An entity has ended with the last snapshot; it is shown until the shown tick is there.
 *
 * @param ended with the tick of its spawn, if that is not shown yet
 */
export function addLeaving(
  { leaving, leavingAt, coming, tickBefore }: Timeline,
  ended: Pick<Leaving, 'entity' | 'index' | 'tick'> & { readonly spawnTick: number | undefined },
  nowMs: number,
): void {
  const { entity, index, tick, spawnTick } = ended
  const left = { entity, index, tick, lastTick: tickBefore, untilMs: nowMs + leavingMs }
  leaving.set(entity, left)
  leavingAt.set(index, left)
  if (spawnTick !== undefined) coming.set(entity, spawnTick)
}

/** An entity that has ended is not shown any more. */
export function endLeaving(
  { leaving, leavingAt, coming, replicas }: Timeline,
  entity: EntityId,
): void {
  const left = leaving.get(entity)
  if (left === undefined) return
  leaving.delete(entity)
  leavingAt.delete(left.index)
  coming.delete(entity)
  releaseReplica(replicas, left.index)
}
