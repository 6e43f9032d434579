// Turns what players hold down into speed. Runs on the server for every ship, and on the page for the player's own.
import { query } from 'bitecs'
import { type ArenaWorld } from './arenaWorld.ts'
import { SteerBit } from './constants.ts'

const acceleration = 1500
/** How much of its speed a ship loses in a second, as a rate: with `acceleration` it sets the top speed. */
const drag = 4
const dashSpeed = 1050
const dashSeconds = 0.18
const rechargeSeconds = 2

export function steerSystem(world: ArenaWorld, seconds: number): void {
  const { Dash, Position, Steering, Velocity } = world.components
  const kept = Math.exp(-drag * seconds)
  for (const ship of query(world, [Position, Velocity, Steering, Dash])) {
    const bits = Steering.bits[ship]!
    const [x, y] = direction(bits)
    Dash.left[ship] = Math.max(Dash.left[ship]! - seconds, 0)
    Dash.charge[ship] = Math.min(Dash.charge[ship]! + seconds / rechargeSeconds, 1)
    if ((bits & SteerBit.dash) !== 0 && Dash.charge[ship] === 1 && (x !== 0 || y !== 0)) {
      Dash.charge[ship] = 0
      Dash.left[ship] = dashSeconds
      Velocity.x[ship] = x * dashSpeed
      Velocity.y[ship] = y * dashSpeed
    }
    if (Dash.left[ship] > 0) continue
    Velocity.x[ship] = (Velocity.x[ship]! + x * acceleration * seconds) * kept
    Velocity.y[ship] = (Velocity.y[ship]! + y * acceleration * seconds) * kept
  }
}

/** Where somebody steers to, as a vector of length 1, or of length 0. */
function direction(bits: number): [number, number] {
  const x = Number((bits & SteerBit.right) !== 0) - Number((bits & SteerBit.left) !== 0)
  const y = Number((bits & SteerBit.down) !== 0) - Number((bits & SteerBit.up) !== 0)
  return x !== 0 && y !== 0 ? [x * Math.SQRT1_2, y * Math.SQRT1_2] : [x, y]
}
