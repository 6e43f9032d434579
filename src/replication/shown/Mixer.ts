// What is shown of replicas between the ticks of their values. Only those that move cost anything.

import { type Replicas } from '../Replicas.ts'
import { type MixPlan } from './MixPlan.ts'
import { createSpan, type Span } from './Span.ts'

export interface Mixer {
  readonly replicas: Replicas
  readonly plan: MixPlan
  /** Indices of the replicas that move, or may. */
  moving: Uint32Array
  count: number
  /** By index: 1 if it is one of them. */
  isMoving: Uint8Array
  /** By index: for how many ms a deviation goes on to fade; 0 without one. */
  fadeMs: Float64Array
  /** By index, `plan.width` each: the deviations. */
  deviations: Float64Array
  /** Where the replica that was mixed last is between its values. */
  readonly span: Span
  /** Its numbers. */
  readonly values: Float64Array
  /** By place in `plan.components`: the row of its switched fields; −1 of a component that it does not have. */
  readonly rows: Int16Array
  /** What it was to show before the last snapshots came. */
  readonly oldSpan: Span
  readonly oldValues: Float64Array
  readonly oldRows: Int16Array
}

export function createMixer(replicas: Replicas, plan: MixPlan): Mixer {
  const places = plan.components.length
  return {
    replicas,
    plan,
    moving: new Uint32Array(0),
    count: 0,
    isMoving: new Uint8Array(0),
    fadeMs: new Float64Array(0),
    deviations: new Float64Array(0),
    span: createSpan(),
    values: new Float64Array(plan.width),
    rows: new Int16Array(places),
    oldSpan: createSpan(),
    oldValues: new Float64Array(plan.width),
    oldRows: new Int16Array(places),
  }
}

/** Takes up the replicas that the last snapshot has changed. */
export function noteChanges(mixer: Mixer): void {
  const { replicas, plan } = mixer
  const { changes } = replicas
  for (let at = 0; at < changes.count; at++) {
    const isMixed =
      ((changes.changedLow[at]! & plan.low) | (changes.changedHigh[at]! & plan.high)) !== 0
    if (isMixed) startMoving(mixer, changes.index[at]!, changes.isNew[at] === 1)
  }
}

/** @param isNew what the replica before it had at this index is forgotten */
function startMoving(mixer: Mixer, index: number, isNew: boolean): void {
  if (index >= mixer.isMoving.length) grow(mixer, index + 1)
  if (isNew) mixer.fadeMs[index] = 0
  if (mixer.isMoving[index] === 1) return
  mixer.isMoving[index] = 1
  mixer.moving[mixer.count++] = index
}

/** Takes the replica at a place in `moving` out of it. The last one comes to its place. */
export function stopMoving(mixer: Mixer, place: number): void {
  const index = mixer.moving[place]!
  mixer.isMoving[index] = 0
  mixer.fadeMs[index] = 0
  mixer.moving[place] = mixer.moving[--mixer.count]!
}

function grow(mixer: Mixer, least: number): void {
  const size = Math.max(least, mixer.replicas.history.capacity)
  const { moving, isMoving, fadeMs, deviations, plan } = mixer
  mixer.moving = new Uint32Array(size)
  mixer.moving.set(moving)
  mixer.isMoving = new Uint8Array(size)
  mixer.isMoving.set(isMoving)
  mixer.fadeMs = new Float64Array(size)
  mixer.fadeMs.set(fadeMs)
  mixer.deviations = new Float64Array(size * plan.width)
  mixer.deviations.set(deviations)
}
