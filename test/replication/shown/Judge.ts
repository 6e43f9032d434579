// What the goals M1 and M2 of the design say of a film.

import { type Picture, tickMs, ticksBetween } from './Film.ts'

const intervalMs = ticksBetween * tickMs

/** How even a motion in x is that should be even. */
export interface Evenness {
  readonly frames: number
  /** How far the steps of frames are from the ideal one, as a part of it. */
  readonly rms: number
  readonly most: number
  readonly frozen: number
  readonly backwards: number
  /** The share of frames beyond the newest snapshot. */
  readonly extrapolated: number
  /** What a frame catches up with at most, as a part of what was missed until then. */
  readonly caughtUp: number
}

/** @param perMs the true speed */
export function judgeMotion(pictures: readonly Picture[], perMs: number): Evenness {
  let [squares, most, frozen, backwards, extrapolated, caughtUp, missed] = [0, 0, 0, 0, 0, 0, 0]
  for (let at = 1; at < pictures.length; at++) {
    const [before, now] = [pictures[at - 1]!, pictures[at]!]
    const ideal = (now.nowMs - before.nowMs) * perMs
    const step = now.x - before.x
    const deviation = step / ideal - 1
    squares += deviation * deviation
    most = Math.max(most, Math.abs(deviation))
    if (step === 0) frozen++
    if (step < 0) backwards++
    if (now.tick > now.newest) extrapolated++
    if (step > ideal && missed > ideal) caughtUp = Math.max(caughtUp, (step - ideal) / missed)
    missed = Math.max(missed + ideal - step, 0)
  }
  const frames = pictures.length - 1
  return {
    frames,
    rms: Math.sqrt(squares / frames),
    most,
    frozen,
    backwards,
    extrapolated: extrapolated / frames,
    caughtUp,
  }
}

export interface Delays {
  readonly meanMs: number
  readonly jitterMs: number
  /** The share of frames with more than interval + 4 × jitter. */
  readonly over: number
  /** By how much of the time that passes the delay changes at most. */
  readonly change: number
}

/** How far behind the fastest snapshots the film is. */
export function judgeDelay(pictures: readonly Picture[]): Delays {
  let [sum, jitters, over, change, frames] = [0, 0, 0, 0, 0]
  let offsetMs = Infinity
  for (let at = 1; at < pictures.length; at++) {
    const [before, now] = [pictures[at - 1]!, pictures[at]!]
    if (now.newest !== before.newest) {
      const snapshots = (now.newest - before.newest) / ticksBetween
      const transitMs = now.nowMs - now.newest * tickMs
      offsetMs = Math.min(transitMs, offsetMs + 0.5 * snapshots)
    }
    const shownMs = (now.tick - before.tick) * tickMs
    change = Math.max(change, Math.abs(shownMs / (now.nowMs - before.nowMs) - 1))
    if (offsetMs === Infinity) continue
    const delayMs = now.nowMs - now.tick * tickMs - offsetMs
    frames++
    sum += delayMs
    jitters += now.jitterMs
    if (delayMs > intervalMs + 4 * now.jitterMs) over++
  }
  return { meanMs: sum / frames, jitterMs: jitters / frames, over: over / frames, change }
}

/** The mean distance from a path, as a root of squares, of what is shown to where the path was at the shown tick. */
export function judgePath(
  pictures: readonly Picture[],
  path: (tick: number) => readonly [x: number, y: number],
): number {
  let squares = 0
  for (const { x, y, tick } of pictures) {
    const [trueX, trueY] = path(tick)
    squares += (x - trueX) ** 2 + (y - trueY) ** 2
  }
  return Math.sqrt(squares / pictures.length)
}
