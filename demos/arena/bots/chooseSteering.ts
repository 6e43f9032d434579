// How a bot plays: it looks for gems, and dashes into those who have some.
import { SteerBit } from '../shared/constants.ts'
import { type GemState } from '../shared/picture.ts'
import { type SeenShip } from '../shared/serverMessages.ts'
import { type Sight } from './Line.ts'

/** Bots dash into ships that are nearer than this. */
export const dashDistance = 220

/** What a bot knows and wants. */
export interface Mind {
  /** The gem it is after. */
  gem: number
  /** How much it likes to attack, 0..1. */
  readonly courage: number
}

/** Which way to steer now, as `SteerBit`s. `random` gives numbers from 0 up to 1. */
export function chooseSteering(
  me: NonNullable<Sight['me']>,
  { ships, gems }: Pick<Sight, 'ships' | 'gems'>,
  mind: Mind,
  random: () => number,
): number {
  const prey = me.charge === 1 ? findPrey(me, ships) : undefined
  if (prey !== undefined && random() < mind.courage) return towards(me, prey) | SteerBit.dash
  const gem = gems.find(({ gem }) => gem === mind.gem) ?? pickGem(me, gems, random)
  if (gem === undefined) return 0
  mind.gem = gem.gem
  return towards(me, gem)
}

/** Somebody near who has gems. */
function findPrey(me: SeenShip, ships: readonly SeenShip[]): SeenShip | undefined {
  return ships.find(
    (ship) => ship.player !== me.player && ship.score > 0 && distanceTo(me, ship) < dashDistance,
  )
}

/** A near one, but not always the nearest: otherwise all bots would go the same way. */
function pickGem(
  me: SeenShip,
  gems: readonly GemState[],
  random: () => number,
): GemState | undefined {
  const near = gems.map((gem) => ({ gem, distance: distanceTo(me, gem) }))
  near.sort((a, b) => a.distance - b.distance)
  return near[Math.floor(random() * Math.min(near.length, 3))]?.gem
}

function towards(me: SeenShip, { x, y }: { readonly x: number; readonly y: number }): number {
  const angle = Math.atan2(y - me.y, x - me.x)
  const eighth = Math.round((angle / Math.PI) * 4)
  const { up, down, left, right } = SteerBit
  // From pointing left over up, right and down to left again.
  const ways = [left, left | up, up, right | up, right, right | down, down, left | down, left]
  return ways[eighth + 4]!
}

function distanceTo(me: SeenShip, { x, y }: { readonly x: number; readonly y: number }): number {
  return Math.hypot(x - me.x, y - me.y)
}
