// Moves ships, and lets them bounce off the walls. Runs on the server and on the page.
import { query } from 'bitecs'
import { type ArenaWorld } from './arenaWorld.ts'
import { fieldHeight, fieldWidth, shipRadius } from './constants.ts'

/** How much speed is left after a wall. */
const bounce = 0.5
/** Slower than this a ship does not bounce but stays at the wall, so that one that pushes against it lies still. */
const bounceSpeedMin = 60

export function moveSystem(world: ArenaWorld, seconds: number): void {
  const { Position, Velocity } = world.components
  for (const ship of query(world, [Position, Velocity])) {
    move(Position.x, Velocity.x, ship, seconds, fieldWidth)
    move(Position.y, Velocity.y, ship, seconds, fieldHeight)
  }
}

function move(
  position: number[],
  velocity: number[],
  ship: number,
  seconds: number,
  size: number,
): void {
  const wanted = position[ship]! + velocity[ship]! * seconds
  const inside = Math.min(Math.max(wanted, shipRadius), size - shipRadius)
  position[ship] = inside
  if (inside === wanted) return
  const speed = velocity[ship]!
  velocity[ship] = Math.abs(speed) < bounceSpeedMin ? 0 : -speed * bounce
}
