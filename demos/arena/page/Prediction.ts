// The player's own ship moves at once, by the systems that the server runs too, and is led gently to where the server says
// that it is.
import { addComponent, addEntity, type EntityId } from 'bitecs'
import { createArenaWorld } from '../shared/arenaWorld.ts'
import { ticksPerSecond } from '../shared/constants.ts'
import { moveSystem } from '../shared/moveSystem.ts'
import { type ShipState } from '../shared/picture.ts'
import { steerSystem } from '../shared/steerSystem.ts'

/** How much of the difference each snapshot takes away. */
const correction = 0.2
/** Beyond this many units the server's word is taken at once: somebody has hit the ship. */
const jumpDistance = 80
const stepMs = 1000 / ticksPerSecond
/** After a longer pause, such as that of a hidden page, it starts anew from the server's word. */
const pauseMs = 250
const kept = 90

interface Moment {
  readonly time: number
  x: number
  y: number
}

/** The player's own ship. Times are in milliseconds of the page's clock. */
export class Prediction {
  /** What the player holds down. */
  bits = 0
  readonly #world = createArenaWorld()
  readonly #ship: EntityId
  readonly #past: Moment[] = []
  #time = 0
  #isPlaced = false

  constructor() {
    this.#ship = addEntity(this.#world)
    const { Position, Velocity, Steering, Dash } = this.#world.components
    for (const component of [Position, Velocity, Steering, Dash])
      addComponent(this.#world, this.#ship, component)
  }

  /** Lives through the time up to now, in whole ticks. */
  run(now: number): void {
    if (now - this.#time > pauseMs) this.#isPlaced = false
    if (!this.#isPlaced) return
    this.#world.components.Steering.bits[this.#ship] = this.bits
    while (this.#time + stepMs <= now) {
      steerSystem(this.#world, stepMs / 1000)
      moveSystem(this.#world, stepMs / 1000)
      this.#time += stepMs
      this.#past.push({ time: this.#time, ...this.#position() })
      if (this.#past.length > kept) this.#past.shift()
    }
  }

  /**
   * Takes what the server says of the ship. That is how it was there before what was steered during the last round trip
   * could matter, so it is compared with the ship of then.
   */
  correct(server: ShipState, now: number, roundTripMs: number): void {
    const then = this.#past.findLast(({ time }) => time <= now - roundTripMs)
    if (!this.#isPlaced) {
      this.#place(server, now)
      return
    }
    if (then === undefined) return
    const [dx, dy] = [server.x - then.x, server.y - then.y]
    if (Math.hypot(dx, dy) > jumpDistance) this.#place(server, now)
    else this.#shift(dx * correction, dy * correction)
  }

  /** Starts anew with the next snapshot. */
  forget(): void {
    this.#isPlaced = false
  }

  /** The ship as it is to be shown, from what is known of it otherwise. */
  show(known: ShipState): ShipState {
    if (!this.#isPlaced) return known
    const { Velocity, Dash } = this.#world.components
    const ship = this.#ship
    const dashing = Dash.left[ship]! > 0
    const [vx, vy] = [Velocity.x[ship]!, Velocity.y[ship]!]
    return { ...known, ...this.#position(), vx, vy, dashing, charge: Dash.charge[ship]! }
  }

  #position(): { x: number; y: number } {
    const { Position } = this.#world.components
    return { x: Position.x[this.#ship]!, y: Position.y[this.#ship]! }
  }

  #place({ x, y, vx, vy, charge }: ShipState, now: number): void {
    const { Position, Velocity, Dash } = this.#world.components
    const ship = this.#ship
    Position.x[ship] = x
    Position.y[ship] = y
    Velocity.x[ship] = vx
    Velocity.y[ship] = vy
    Dash.charge[ship] = charge
    Dash.left[ship] = 0
    this.#past.length = 0
    this.#time = now
    this.#isPlaced = true
  }

  #shift(dx: number, dy: number): void {
    const { Position } = this.#world.components
    Position.x[this.#ship]! += dx
    Position.y[this.#ship]! += dy
    for (const moment of this.#past) {
      moment.x += dx
      moment.y += dy
    }
  }
}
