// What both ends share: the stores of a world, and what of them is replicated.
import { createWorld, type World } from 'bitecs'
import { range, replicate, u16 } from 'bitecs-networking/replication'

/** The width and the height of the field. */
export const fieldSize = 400

interface Point {
  readonly x: number[]
  readonly y: number[]
}

export interface Stores {
  /** Where a square is. */
  readonly Place: Point
  /** Where it goes: the server's alone. */
  readonly Wish: Point
  readonly Hue: number[]
}

export function createGame(): World<Stores> {
  const stores: Stores = { Place: { x: [], y: [] }, Wish: { x: [], y: [] }, Hue: [] }
  const world = createWorld(stores)
  const along = range(0, fieldSize, 1 / 16)
  replicate(world, {
    Place: [world.Place, { x: along, y: along }, { interpolate: true }],
    Hue: [world.Hue, u16],
  })
  return world
}
