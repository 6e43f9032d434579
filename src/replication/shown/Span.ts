import { type Replicas, rowAfter, rowBefore } from '../Replicas.ts'

/** Between which of its values a replica is shown. */
export interface Span {
  /** Their rows; `to` is −1 if it stands at `from`. */
  from: number
  to: number
  /** How far it is from one to the other; above 1 it is beyond the second. */
  part: number
  /** The tick at which it begins to go from one to the other. */
  start: number
  /** Whether it may still move without another snapshot, or go on to move. */
  isOpen: boolean
}

export function createSpan(): Span {
  return { from: -1, to: -1, part: 0, start: 0, isOpen: false }
}

/** Which tick is looked at, and how much is known then. */
export interface Look {
  /** With a fraction. */
  tick: number
  /** The newest snapshot: younger values count for nothing. */
  newest: number
  /** Beyond the newest snapshot its last difference is carried on up to here. */
  tickMax: number
}

export function createLook(): Look {
  return { tick: NaN, newest: 0, tickMax: 0 }
}

/**
 * Finds the values of a replica before and after a tick. (Numbers with fractions are members here, since as arguments they
 * would be allocated.)
 *
 * @returns whether there are any
 */
export function findSpan(replicas: Replicas, index: number, look: Look, span: Span): boolean {
  const { stamps, heldTo } = replicas
  const { newest } = look
  const whole = Math.floor(look.tick)
  const before = rowBefore(replicas, index, whole < newest ? whole : newest)
  const after = whole < newest ? rowAfter(replicas, index, whole) : -1
  span.to = -1
  span.part = 0
  if (after >= 0 && stamps[after]![index]! <= newest) {
    span.isOpen = true
    if (before >= 0) return setWay(replicas, index, before, after, look, span)
    span.from = after
    span.start = stamps[after]![index]!
    return true
  }
  if (before < 0) return false
  const at = stamps[before]![index]!
  span.from = before
  span.start = at
  span.isOpen = at === newest
  if (at < newest || look.tick <= at) return true
  const last = rowBefore(replicas, index, at - 1)
  if (last < 0 || Math.max(stamps[last]![index]!, heldTo[before]![index]!) >= at) return true
  return setWay(replicas, index, last, before, look, span)
}

function setWay(
  { stamps, heldTo }: Replicas,
  index: number,
  from: number,
  to: number,
  { tick, tickMax }: Look,
  span: Span,
): true {
  const held = heldTo[to]![index]!
  const stamp = stamps[from]![index]!
  const start = held > stamp ? held : stamp
  const at = tick < tickMax ? tick : tickMax
  span.from = from
  span.to = to
  span.start = start
  span.part = at > start ? (at - start) / (stamps[to]![index]! - start) : 0
  return true
}
