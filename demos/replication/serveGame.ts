// The server of the replication demo: a square for each connection, which moves to where its player has clicked.
import { type Server } from 'node:http'
import {
  addComponents,
  addEntity,
  type EntityId,
  hasComponent,
  query,
  removeEntity,
  type World,
} from 'bitecs'
import {
  BufferType,
  closeNetwork,
  createServer,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import {
  Joined,
  OwnedBy,
  Replicated,
  ReplicationSystem,
  serveReplication,
} from 'bitecs-networking/replication'
import { createGame, fieldSize, type Stores } from './game.ts'

const hz = 60
/** 20 snapshots a second. */
const ticksBetween = 3
/** The part of the way that a square goes in a tick. */
const pace = 0.05

/** Runs the game beside a page. Returns what stops it. */
export function serveGame(http: Server): () => void {
  const world = createGame()
  const limits = { maxClients: 32, messageBytesMax: 1_024 }
  const server = createServer(world, SocketType.ws, 0, { http, path: '/game', ...limits })
  serveReplication(world, server, { hz })
  onNetworking(world, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.connect) addSquare(world, asyncLoad.socket)
    else if (asyncLoad.type === NetworkType.disconnect) removeSquares(world, asyncLoad.socket)
    else if (asyncLoad.type === NetworkType.data) {
      const { id, buffer } = asyncLoad
      wish(world, id, readBuffer(buffer, BufferType.u16), readBuffer(buffer, BufferType.u16))
    }
  })
  const ticks = startTicks(
    (tick) => {
      NetworkSystem(world)
      moveSystem(world)
      if (tick % ticksBetween === 0) ReplicationSystem(world, tick)
    },
    { hz },
  )
  return () => {
    ticks.stop()
    closeNetwork(world)
  }
}

function addSquare(world: World<Stores>, socket: EntityId): void {
  const { Place, Wish, Hue } = world
  const square = addEntity(world)
  Place.x[square] = Wish.x[square] = Math.random() * fieldSize
  Place.y[square] = Wish.y[square] = Math.random() * fieldSize
  Hue[square] = (square * 47) % 360
  addComponents(world, square, [Place, Wish, Hue, Replicated, OwnedBy(socket)])
}

function removeSquares(world: World<Stores>, socket: EntityId): void {
  for (const square of Array.from(query(world, [OwnedBy(socket)]))) removeEntity(world, square)
}

/** What comes from outside is brought inside the field. */
function wish(world: World<Stores>, socket: EntityId, x: number, y: number): void {
  if (!hasComponent(world, socket, Joined)) return
  for (const square of query(world, [world.Wish, OwnedBy(socket)])) {
    world.Wish.x[square] = Math.min(x, fieldSize)
    world.Wish.y[square] = Math.min(y, fieldSize)
  }
}

function moveSystem(world: World<Stores>): void {
  const { Place, Wish } = world
  for (const square of query(world, [Place, Wish])) {
    Place.x[square]! += (Wish.x[square]! - Place.x[square]!) * pace
    Place.y[square]! += (Wish.y[square]! - Place.y[square]!) * pace
  }
}
