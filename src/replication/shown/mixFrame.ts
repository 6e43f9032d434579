// One frame: where each replica that moves is shown.

import { type Mixer } from './Mixer.ts'
import { type MixComponent, Mixing } from './MixPlan.ts'
import { mixReplica, wayOf, wrapAngle } from './mixReplica.ts'
import { addTurn, shrinkTurn, turnBy } from './rotations.ts'
import { extrapolateMsMax, type ShownClock } from './ShownClock.ts'
import { createLook, findSpan, type Look } from './Span.ts'

/** A deviation falls to half in about 60 ms, and by 17 % in a 60th of a second. */
const fadeRateMs = 80
/** After this nothing is left of it that could be seen. */
const fadeMsMax = 600

/** The shown tick and the newest snapshot, now and at the frame before. */
export interface Frame {
  readonly now: Look
  /** The shown tick of now, with what was known at the frame before. */
  readonly old: Look
  /** For a replica that has ended. */
  readonly ended: Look
  /** What the frame before has shown. */
  lastTick: number
  passedMs: number
  /** Whether the shown tick has jumped. */
  isJump: boolean
  /** Whether it has nothing to do with the frame before: then nothing fades. */
  isCut: boolean
}

export function createFrame(): Frame {
  return {
    now: createLook(),
    old: createLook(),
    ended: createLook(),
    lastTick: NaN,
    passedMs: 0,
    isJump: false,
    isCut: true,
  }
}

/** Makes a frame the next one, as the clock is after `advanceClock`. */
export function nextFrame(frame: Frame, clock: ShownClock, passedMs: number): void {
  const { now, old } = frame
  frame.lastTick = now.tick
  old.newest = now.newest
  old.tickMax = now.tickMax
  now.tick = clock.shownTick
  now.newest = clock.newestTick
  now.tickMax = clock.newestTick + extrapolateMsMax / clock.tickMs
  old.tick = now.tick
  frame.passedMs = passedMs
  frame.isJump = clock.isJump
  frame.isCut = clock.isCut || !(frame.lastTick <= now.tick)
}

/**
 * Mixes a replica for a frame, into `mixer.values` and `mixer.rows`. What snapshots that came too late change of it is not jumped to:
 * the deviation fades.
 *
 * @param newest the newest tick that counts for the replica: the frame's, or its last one
 * @returns whether it has values
 */
export function mixFrame(mixer: Mixer, index: number, frame: Frame, newest: number): boolean {
  const { replicas, plan, span, values, rows, fadeMs } = mixer
  const look = lookOf(frame, newest)
  if (!findSpan(replicas, index, look, span)) return false
  mixReplica(replicas, plan, index, span, values, rows)
  if (frame.isCut) fadeMs[index] = 0
  else if (isOverdue(mixer, index, frame)) addDeviation(mixer, index, frame)
  if (fadeMs[index]! > 0) fade(mixer, index, frame)
  return true
}

function lookOf({ now, ended }: Frame, newest: number): Look {
  if (newest === now.newest) return now
  ended.tick = now.tick
  ended.newest = newest
  ended.tickMax = now.tickMax - now.newest + newest
  return ended
}

/** Whether snapshots since the last frame say something about what that frame has shown. */
function isOverdue({ replicas, span }: Mixer, index: number, frame: Frame): boolean {
  const { lastTick, now, old } = frame
  if (frame.isJump) return true
  if (now.newest === old.newest || span.start >= lastTick) return false
  const { stamps } = replicas
  return span.to >= 0
    ? stamps[span.to]![index]! > old.newest
    : stamps[span.from]![index] === old.newest && lastTick > old.newest
}

/** Adds what it would show now without the last snapshots, less what it shows with them. */
function addDeviation(mixer: Mixer, index: number, frame: Frame): void {
  const { replicas, plan, oldSpan, oldValues, oldRows, fadeMs } = mixer
  if (!findSpan(replicas, index, frame.old, oldSpan)) return
  mixReplica(replicas, plan, index, oldSpan, oldValues, oldRows)
  if (fadeMs[index] === 0) clearDeviations(mixer, index)
  fadeMs[index] = fadeMsMax
  for (let place = 0; place < plan.components.length; place++)
    if (mixer.rows[place]! >= 0 && oldRows[place]! >= 0)
      deviate(mixer, index, plan.components[place]!)
}

function clearDeviations({ deviations, plan }: Mixer, index: number): void {
  deviations.fill(0, index * plan.width, (index + 1) * plan.width)
  for (const { fields } of plan.components)
    for (const { mixing, at } of fields)
      if (mixing === Mixing.quaternion) deviations[index * plan.width + at + 3] = 1
}

function deviate(
  { deviations, plan, values, oldValues }: Mixer,
  index: number,
  { fields, teleportSquared }: MixComponent,
): void {
  let squares = 0
  for (let place = 0; place < fields.length; place++) {
    const { mixing, at } = fields[place]!
    if (mixing === Mixing.number)
      squares += (oldValues[at]! - values[at]!) * (oldValues[at]! - values[at]!)
  }
  // NaN and infinities do not fade, nor does what is further than a teleport.
  if (!(squares <= teleportSquared) || squares === Infinity) return
  for (let place = 0; place < fields.length; place++) {
    const { mixing, at } = fields[place]!
    const to = index * plan.width + at
    if (mixing === Mixing.number) deviations[to]! += oldValues[at]! - values[at]!
    else if (mixing === Mixing.angle)
      deviations[to] = wayOf(deviations[to]! + wayOf(oldValues[at]! - values[at]!))
    else if (mixing === Mixing.quaternion) addTurn(deviations, to, oldValues, values, at)
  }
}

function fade(mixer: Mixer, index: number, { passedMs }: Frame): void {
  const { deviations, plan, values, rows, fadeMs } = mixer
  const left = fadeMs[index]! - passedMs
  fadeMs[index] = left > 0 ? left : 0
  const part = left > 0 ? fadeRateMs / (fadeRateMs + passedMs) : 0
  for (let place = 0; place < plan.components.length; place++) {
    if (rows[place]! < 0) continue
    const { fields } = plan.components[place]!
    for (let number = 0; number < fields.length; number++) {
      const { mixing, at } = fields[number]!
      const from = index * plan.width + at
      if (mixing === Mixing.quaternion) {
        shrinkTurn(deviations, from, part)
        turnBy(values, at, deviations, from)
      } else if (mixing !== Mixing.step) {
        deviations[from]! *= part
        const value = values[at]! + deviations[from]!
        values[at] = mixing === Mixing.angle ? wrapAngle(value) : value
      }
    }
  }
}
