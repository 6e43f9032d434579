// Gems: they lie about, ships collect them, and who is hit loses some.
import { addComponents, addEntity, type EntityId, query, removeEntity } from 'bitecs'
import { Replicated } from 'bitecs-networking/replication'
import { fieldHeight, fieldWidth, gemCount, gemRadius, shipRadius } from '../shared/constants.ts'
import { type Arena } from './Arena.ts'

/** With so many in the field, what is lost is gone. */
const gemsMax = 120
/** How fast gems that were lost come to rest, as a rate. */
const drag = 3
const scatterSpeed = 320
const lostMax = 5
/** A ship collects what is nearer than this. */
const reach = shipRadius + gemRadius
const columnWidth = 2 * reach

/** By columns of the field, the ships that reach into each. */
type Columns = readonly (readonly EntityId[])[]

/** Slows gems down, lets ships collect them, and makes new ones. */
export function gemSystem(arena: Arena, seconds: number): void {
  const { random, world } = arena
  const { Gem, Player, Position, Velocity } = world.components
  const kept = Math.exp(-drag * seconds)
  // A copy: gems are removed on the way.
  const gems = [...query(world, [Gem, Position, Velocity])]
  let left = gems.length
  const columns = columnsOf(arena)
  for (const gem of gems) {
    Velocity.x[gem]! *= kept
    Velocity.y[gem]! *= kept
    const finder = findShip(arena, columns, Position.x[gem]!, Position.y[gem]!)
    if (finder === undefined) continue
    Player.score[finder] = Math.min(Player.score[finder]! + 1, 65_535)
    removeEntity(world, gem)
    left--
  }
  if (left < gemCount) {
    const x = gemRadius + random() * (fieldWidth - 2 * gemRadius)
    const y = gemRadius + random() * (fieldHeight - 2 * gemRadius)
    if (findShip(arena, columns, x, y) === undefined) addGem(arena, x, y)
  }
}

/** Takes half of a ship's gems away, and lets them fly off in a circle. */
export function scatterGems(arena: Arena, ship: EntityId): void {
  const { random, world } = arena
  const { Gem, Player, Position, Velocity } = world.components
  const lost = Math.min(Math.ceil(Player.score[ship]! / 2), lostMax)
  Player.score[ship]! -= lost
  const room = gemsMax - query(world, [Gem]).length
  const begin = random() * 2 * Math.PI
  for (let index = 0; index < Math.min(lost, room); index++) {
    const angle = begin + (index / lost) * 2 * Math.PI
    const [x, y] = [Math.cos(angle), Math.sin(angle)]
    // Outside of the ship, which would collect it at once.
    const distance = 2 * (shipRadius + gemRadius)
    const gem = addGem(arena, Position.x[ship]! + x * distance, Position.y[ship]! + y * distance)
    Velocity.x[gem] = x * scatterSpeed
    Velocity.y[gem] = y * scatterSpeed
  }
}

function addGem(arena: Arena, x: number, y: number): EntityId {
  const { world } = arena
  const { Gem, Position, Velocity } = world.components
  const gem = addEntity(world)
  Position.x[gem] = Math.min(Math.max(x, gemRadius), fieldWidth - gemRadius)
  Position.y[gem] = Math.min(Math.max(y, gemRadius), fieldHeight - gemRadius)
  Velocity.x[gem] = 0
  Velocity.y[gem] = 0
  addComponents(world, gem, [Gem, Position, Velocity, Replicated])
  return gem
}

/** So that of each gem only the few ships near it are looked at. */
function columnsOf({ players, world }: Arena): Columns {
  const { x } = world.components.Position
  const columns: EntityId[][] = Array.from({ length: columnOf(fieldWidth) + 1 }, () => [])
  for (const ship of players.all()) {
    const at = x[ship]!
    const last = columnOf(at + reach)
    for (let column = columnOf(at - reach); column <= last; column++) columns[column]!.push(ship)
  }
  return columns
}

function columnOf(x: number): number {
  return Math.floor(Math.min(Math.max(x, 0), fieldWidth) / columnWidth)
}

/** Who is near enough to collect what lies there. */
function findShip({ world }: Arena, columns: Columns, x: number, y: number): EntityId | undefined {
  const { Position } = world.components
  for (const ship of columns[columnOf(x)]!) {
    const dx = Position.x[ship]! - x
    const dy = Position.y[ship]! - y
    if (dx * dx + dy * dy < reach ** 2) return ship
  }
  return undefined
}
