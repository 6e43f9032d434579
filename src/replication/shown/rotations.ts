// Rotations x y z w in arrays of numbers, with + - * / and `sqrt` only, so that every engine gets the same.

import { type Span } from './Span.ts'

/**
 * Mixes two rotations, the shortest way: the mean of their components, brought to length 1. It turns evenly to 0.01° where they are
 * 20° apart. A part above 1 goes on beyond the second.
 */
export function mixRotations(
  from: Float64Array,
  to: Float64Array,
  { part }: Pick<Span, 'part'>,
  out: Float64Array,
  at: number,
): void {
  const dot = from[0]! * to[0]! + from[1]! * to[1]! + from[2]! * to[2]! + from[3]! * to[3]!
  const toPart = dot < 0 ? -part : part
  const fromPart = 1 - part
  for (let axis = 0; axis < 4; axis++) out[at + axis] = from[axis]! * fromPart + to[axis]! * toPart
  normalise(out, at)
}

/** Turns a rotation by another: `turn[at …]` = `by[byAt …]` × `turn[at …]`. */
export function turnBy(turn: Float64Array, at: number, by: Float64Array, byAt: number): void {
  product(by[byAt]!, by[byAt + 1]!, by[byAt + 2]!, by[byAt + 3]!, turn, at, turn, at)
}

/** What turns `to` into `from`: `turn[at …]` = `turn[at …]` × `from[fromAt …]` × the inverse of `to[fromAt …]`. */
export function addTurn(
  turn: Float64Array,
  at: number,
  from: Float64Array,
  to: Float64Array,
  fromAt: number,
): void {
  inverse[0] = -to[fromAt]!
  inverse[1] = -to[fromAt + 1]!
  inverse[2] = -to[fromAt + 2]!
  inverse[3] = to[fromAt + 3]!
  turnBy(inverse, 0, from, fromAt)
  turnBy(inverse, 0, turn, at)
  // The same rotation, the short way round.
  const sign = inverse[3] < 0 ? -1 : 1
  for (let axis = 0; axis < 4; axis++) turn[at + axis] = inverse[axis]! * sign
}

/** Brings a rotation nearer to none, which is 0 0 0 1. */
export function shrinkTurn(turn: Float64Array, at: number, part: number): void {
  for (let axis = 0; axis < 4; axis++) turn[at + axis]! *= part
  turn[at + 3]! += 1 - part
  normalise(turn, at)
}

const inverse = new Float64Array(4)

function product(
  ax: number,
  ay: number,
  az: number,
  aw: number,
  b: Float64Array,
  bAt: number,
  out: Float64Array,
  at: number,
): void {
  const bx = b[bAt]!
  const by = b[bAt + 1]!
  const bz = b[bAt + 2]!
  const bw = b[bAt + 3]!
  out[at] = aw * bx + ax * bw + ay * bz - az * by
  out[at + 1] = aw * by - ax * bz + ay * bw + az * bx
  out[at + 2] = aw * bz + ax * by - ay * bx + az * bw
  out[at + 3] = aw * bw - ax * bx - ay * by - az * bz
}

/** Two opposite rotations have no mean: then it is none. */
function normalise(turn: Float64Array, at: number): void {
  let squares = 0
  for (let axis = 0; axis < 4; axis++) squares += turn[at + axis]! * turn[at + axis]!
  const length = Math.sqrt(squares)
  for (let axis = 0; axis < 4; axis++)
    turn[at + axis] = length > 0 ? turn[at + axis]! / length : axis === 3 ? 1 : 0
}
