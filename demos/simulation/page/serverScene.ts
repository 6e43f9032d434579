import { query } from 'bitecs'
import { type Scene } from '../../arena/page/Painter.ts'
import { type Arena } from '../../arena/server/Arena.ts'

/** The field as the server has it now. */
export function serverScene({ players, world }: Arena, now: number, isCalm: boolean): Scene {
  const { Dash, Gem, Position, Velocity } = world.components
  const all = [...players.all()]
  return {
    ships: all.map(({ id, entity, score }) => ({
      player: id,
      x: Position.x[entity]!,
      y: Position.y[entity]!,
      vx: Velocity.x[entity]!,
      vy: Velocity.y[entity]!,
      dashing: Dash.left[entity]! > 0,
      charge: Dash.charge[entity]!,
      score,
    })),
    gems: Array.from(query(world, [Gem, Position]), (gem) => ({
      gem: Gem.id[gem]!,
      x: Position.x[gem]!,
      y: Position.y[gem]!,
    })),
    roster: new Map(
      all.map(({ id, hue, socketType, name }) => [id, { player: id, hue, socketType, name }]),
    ),
    effects: [],
    me: undefined,
    now,
    isCalm,
  }
}
