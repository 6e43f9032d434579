// The scene of cubes, and a game, replicated by worlds.
import { addComponents, addEntity, createWorld, type EntityId, type World } from 'bitecs'
import {
  bool,
  entityOf,
  netIdOf,
  quaternion,
  range,
  Replicated,
  replicate,
  type ServeOptions,
  u8,
} from 'bitecs-networking/replication'
import { type Cubes, type FieldName, fieldNames } from './Cubes.ts'
import { type Encoding } from './Encoding.ts'
import { createParty, type Party } from './Party.ts'

interface CubeStores {
  readonly Place: Readonly<Record<'x' | 'y' | 'z', number[]>>
  readonly Turn: Readonly<Record<'x' | 'y' | 'z' | 'w', number[]>>
  readonly Awake: number[]
}

function createCubeWorld(): World<CubeStores> {
  const world = createWorld<CubeStores>({
    Place: { x: [], y: [], z: [] },
    Turn: { x: [], y: [], z: [], w: [] },
    Awake: [],
  })
  const axis = range(-256, 256, 1 / 512)
  replicate(world, {
    Place: [world.Place, { x: axis, y: axis, z: range(0, 32, 1 / 512) }],
    Turn: [world.Turn, quaternion(9)],
    Awake: [world.Awake, bool],
  })
  return world
}

function column({ Place, Turn, Awake }: CubeStores, field: FieldName): number[] {
  if (field === 'awake') return Awake
  if (field === 'x' || field === 'y' || field === 'z') return Place[field]
  return Turn[field.slice(1) as 'x' | 'y' | 'z' | 'w']
}

export interface CubeParty {
  readonly party: Party<CubeStores>
  /** Writes the scene into the server's world. */
  readonly write: () => void
  /** What the first client has. */
  read: Encoding['read']
}

export async function createCubeParty(cubes: Cubes, clients: number): Promise<CubeParty> {
  const party = await createParty(createCubeWorld, clients)
  const { server } = party
  const client = party.clients[0]!
  const entities = Array.from({ length: cubes.count }, () => addEntity(server))
  const write = (): void => {
    for (const field of fieldNames) {
      const to = column(server, field)
      for (const [cube, entity] of entities.entries()) to[entity] = cubes.values[field][cube]!
    }
  }
  write()
  for (const entity of entities)
    addComponents(server, entity, [server.Place, server.Turn, server.Awake, Replicated])
  for (let turn = 0; turn < 3; turn++) await party.tick()
  return {
    party,
    write,
    read: (field, cube) =>
      Number(column(client, field)[entityOf(client, netIdOf(server, entities[cube]!))!]),
  }
}

interface GameStores {
  readonly Position: Readonly<Record<'x' | 'y', number[]>>
  readonly Velocity: Readonly<Record<'x' | 'y', number[]>>
  readonly Health: number[]
}

function createGameWorld(): World<GameStores> {
  const world = createWorld<GameStores>({
    Position: { x: [], y: [] },
    Velocity: { x: [], y: [] },
    Health: [],
  })
  const speed = range(-1_024, 1_024, 1)
  replicate(world, {
    Position: [world.Position, { x: range(0, 1_600, 1 / 16), y: range(0, 1_000, 1 / 16) }],
    Velocity: [world.Velocity, { x: speed, y: speed }],
    Health: [world.Health, u8],
  })
  return world
}

export interface Game {
  readonly party: Party<GameStores>
  readonly entities: readonly EntityId[]
  /** Changes all five numbers of the first entities. */
  readonly move: (count: number) => void
}

export async function createGame(
  entityCount: number,
  clients: number,
  options?: ServeOptions,
): Promise<Game> {
  const party = await createParty(createGameWorld, clients, options)
  const { server } = party
  const entities = Array.from({ length: entityCount }, () => addEntity(server))
  let turn = 0
  const move = (count: number): void => {
    turn++
    for (let at = 0; at < count; at++) {
      const entity = entities[at]!
      const angle = turn / 20 + at
      server.Position.x[entity] = 800 + 300 * Math.cos(angle)
      server.Position.y[entity] = 500 + 300 * Math.sin(angle)
      server.Velocity.x[entity] = -200 * Math.sin(angle)
      server.Velocity.y[entity] = 200 * Math.cos(angle)
      server.Health[entity] = (turn + at) & 255
    }
  }
  move(entityCount)
  for (const entity of entities)
    addComponents(server, entity, [server.Position, server.Velocity, server.Health, Replicated])
  for (let round = 0; round < 4; round++) await party.tick()
  return { party, entities, move }
}
