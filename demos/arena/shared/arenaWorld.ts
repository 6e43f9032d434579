// The bitECS world that server, bots and pages have the game in, and what of it the server replicates to the others. Its
// components belong to the world, so that two arenas in one process do not share their numbers.
import { createWorld, type World } from 'bitecs'
import { range, replicate, text, u16, u8 } from 'bitecs-networking/replication'
import { fieldHeight, fieldWidth, nameLengthMax } from './constants.ts'

interface Vector {
  readonly x: number[]
  readonly y: number[]
}

/**
 * The components, each indexed by entity. A ship has `Position`, `Velocity`, `Steering`, `Dash` and `Player`; a gem has
 * `Position`, `Velocity` and `Gem`.
 */
export interface ArenaComponents {
  /** In units. */
  readonly Position: Vector
  /** In units a second. */
  readonly Velocity: Vector
  /** What the player holds down: `SteerBit`s. */
  readonly Steering: { readonly bits: number[] }
  /** `charge` grows to 1 before the next dash; `left` is how many seconds of the running dash remain. */
  readonly Dash: { readonly charge: number[]; readonly left: number[] }
  readonly Gem: object
  readonly Player: {
    readonly name: string[]
    /** Colour, in degrees. */
    readonly hue: number[]
    /** The `SocketType` that this player is connected by. */
    readonly socketType: number[]
    readonly score: number[]
    /** How many lines of chat may be said now; it grows with time. The server's alone. */
    readonly lines: number[]
  }
}

export type ArenaWorld = World<{ components: ArenaComponents }>

/** Makes a world, by default a new one, an arena's. */
export function createArenaWorld(world: World = createWorld()): ArenaWorld {
  const components: ArenaComponents = {
    Position: { x: [], y: [] },
    Velocity: { x: [], y: [] },
    Steering: { bits: [] },
    Dash: { charge: [], left: [] },
    Gem: {},
    Player: { name: [], hue: [], socketType: [], score: [], lines: [] },
  }
  const { Position, Velocity, Dash, Gem, Player } = components
  const [along, down, speed] = [
    range(0, fieldWidth, 1 / 16),
    range(0, fieldHeight, 1 / 16),
    range(-2048, 2048, 1),
  ]
  const player = {
    name: text(4 * nameLengthMax),
    hue: range(0, 359, 1),
    socketType: u8,
    score: u16,
  }
  return replicate(Object.assign(world, { components }), {
    Position: [Position, { x: along, y: down }, { interpolate: true }],
    Velocity: [Velocity, { x: speed, y: speed }, { interpolate: true }],
    Dash: [
      Dash,
      { charge: range(0, 1, 1 / 30), left: range(0, 1, 1 / 60) },
      { interpolate: 'step' },
    ],
    Gem: [Gem],
    Player: [Player, player, { interpolate: 'step' }],
  })
}
