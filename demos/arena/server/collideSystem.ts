// Ships push each other away, and a dash into another costs that one gems.
import { type EntityId } from 'bitecs'
import { type Arena } from './Arena.ts'
import { shipRadius } from '../shared/constants.ts'
import { scatterGems } from './gemSystem.ts'

/** How much of their speed towards each other two ships keep, in the other direction. */
const bounce = 0.9
/** What a dash adds to the speed of the one it hits, in units a second. */
const push = 420

export function collideSystem(arena: Arena): void {
  const { x } = arena.world.components.Position
  // From left to right: of each only those that follow closely can touch it.
  const ships = [...arena.players.all()].sort((a, b) => x[a]! - x[b]!)
  for (const [index, one] of ships.entries())
    for (let next = index + 1; next < ships.length; next++) {
      const other = ships[next]!
      if (x[other]! - x[one]! >= 2 * shipRadius) break
      collide(arena, one, other)
    }
}

function collide(arena: Arena, a: EntityId, b: EntityId): void {
  const { Dash, Position, Velocity } = arena.world.components
  const dx = Position.x[b]! - Position.x[a]!
  const dy = Position.y[b]! - Position.y[a]!
  if (Math.abs(dy) >= 2 * shipRadius) return
  const distance = Math.hypot(dx, dy)
  if (distance >= 2 * shipRadius) return
  // Ships in exactly the same place part sideways.
  const [x, y] = distance === 0 ? [1, 0] : [dx / distance, dy / distance]
  const overlap = (2 * shipRadius - distance) / 2
  shift(Position, a, x, y, -overlap)
  shift(Position, b, x, y, overlap)
  const approach = (Velocity.x[a]! - Velocity.x[b]!) * x + (Velocity.y[a]! - Velocity.y[b]!) * y
  if (approach > 0) {
    const change = ((1 + bounce) * approach) / 2
    shift(Velocity, a, x, y, -change)
    shift(Velocity, b, x, y, change)
  }
  const dashes: [boolean, boolean] = [Dash.left[a]! > 0, Dash.left[b]! > 0]
  Dash.left[a] = 0
  Dash.left[b] = 0
  if (dashes[0] === dashes[1]) return
  shift(Velocity, dashes[0] ? b : a, x, y, dashes[0] ? push : -push)
  scatterGems(arena, dashes[0] ? b : a)
}

function shift(
  of: { readonly x: number[]; readonly y: number[] },
  entity: number,
  x: number,
  y: number,
  by: number,
): void {
  of.x[entity]! += x * by
  of.y[entity]! += y * by
}
