// What is to be seen of a world, for those who draw it or decide by it.
import { type EntityId, query } from 'bitecs'
import { OwnedBy, Remote, Shown, shown } from 'bitecs-networking/replication'
import { type ArenaComponents, type ArenaWorld } from './arenaWorld.ts'

export interface ShipState {
  /** What the ship is known by in this world: its entity. */
  readonly player: number
  readonly name: string
  /** Colour, in degrees. */
  readonly hue: number
  readonly socketType: number
  readonly x: number
  readonly y: number
  readonly vx: number
  readonly vy: number
  readonly dashing: boolean
  /** 0..1; at 1 the ship can dash. */
  readonly charge: number
  readonly score: number
}

export interface GemState {
  readonly gem: number
  readonly x: number
  readonly y: number
}

export interface Picture {
  readonly ships: readonly ShipState[]
  readonly gems: readonly GemState[]
}

/** Components to read: a world's own, or what is shown of them. */
type SeenComponents = Pick<ArenaComponents, 'Position' | 'Velocity' | 'Dash' | 'Player'>

/** All ships and gems, or those with a tag. */
export function pictureOf(
  world: ArenaWorld,
  seen: SeenComponents = world.components,
  ...tags: object[]
): Picture {
  const { Gem, Player } = world.components
  const { x, y } = seen.Position
  return {
    ships: Array.from(query(world, [Player, ...tags]), (ship) => shipOf(ship, seen)),
    gems: Array.from(query(world, [Gem, ...tags]), (gem) => ({ gem, x: x[gem]!, y: y[gem]! })),
  }
}

/** The ships and gems that a client is to draw, as they are at the time that is shown. */
export function shownPicture(world: ArenaWorld): Picture {
  const { Position, Velocity, Dash, Player } = world.components
  const seen = {
    Position: shown(world, Position),
    Velocity: shown(world, Velocity),
    Dash: shown(world, Dash),
    Player: shown(world, Player),
  }
  return pictureOf(world, seen, Shown)
}

/** The ship of a client's own player, as the server has sent it last. */
export function ownShip(world: ArenaWorld, socket: EntityId): ShipState | undefined {
  const { components } = world
  const [ship] = query(world, [components.Player, OwnedBy(socket), Remote])
  return ship === undefined ? undefined : shipOf(ship, components)
}

function shipOf(ship: EntityId, { Dash, Player, Position, Velocity }: SeenComponents): ShipState {
  return {
    player: ship,
    name: Player.name[ship]!,
    hue: Player.hue[ship]!,
    socketType: Player.socketType[ship]!,
    x: Position.x[ship]!,
    y: Position.y[ship]!,
    vx: Velocity.x[ship]!,
    vy: Velocity.y[ship]!,
    dashing: Dash.left[ship]! > 0,
    charge: Dash.charge[ship]!,
    score: Player.score[ship]!,
  }
}
