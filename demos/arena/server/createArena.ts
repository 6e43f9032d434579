// Opens the arena: a world and its three servers.
import { type EntityId } from 'bitecs'
import {
  closeNetwork,
  createServer,
  type HttpServer,
  NetworkError,
  networkErrorName,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { type ArenaWorld, createArenaWorld } from '../shared/arenaWorld.ts'
import { playersMax } from '../shared/constants.ts'
import { type Arena } from './Arena.ts'
import { createProver } from './createProver.ts'
import { EventLog } from './EventLog.ts'
import { handleEvents } from './handleEvents.ts'
import { NonsenseLog } from './NonsenseLog.ts'
import { Players } from './Players.ts'
import { serveState } from './sendState.ts'

export interface ArenaOptions {
  /** Default: one of its own. */
  readonly world?: ArenaWorld
  /** The HTTP server that the page comes from; WebSockets of `/arena` are taken from it. Without it they have a port of their own. */
  readonly http?: HttpServer
  /** The first ports to try; 0: any. */
  readonly tcpPort: number
  readonly udpPort: number
  /** Gives numbers from 0 up to 1. */
  readonly random: () => number
  readonly print: (line: string) => void
  /** Default: {@link playersMax}. A message has room for 255. */
  readonly playersMax?: number
  /** How far players without replication see other ships, in units. Default: all over the field. */
  readonly sight?: number
  /** What the proofs of UDP players are made of. Default: random. */
  readonly secret?: string
}

/** What a client may send at most in one message, in bytes: no message of the game is longer. */
const messageBytesMax = 1024
/** Opens the three servers. Throws an error with a message for the user when one cannot be opened. */
export function createArena(options: ArenaOptions): Arena {
  const { world = createArenaWorld(), http, random, print } = options
  const most = options.playersMax ?? playersMax
  // Over TCP, and over WebSocket: players and those who look on.
  const limits = { maxClients: 2 * most, messageBytesMax }
  const servers = {
    tcp: openPort(options.tcpPort, (port) => createServer(world, SocketType.tcp, port, limits)),
    udp: openPort(options.udpPort, (port) =>
      createServer(world, SocketType.udp, port, { messageBytesMax }),
    ),
    ws: openPort(0, () =>
      createServer(world, SocketType.ws, 0, { ...limits, ...(http && { http }), path: '/arena' }),
    ),
  }
  const arena: Arena = {
    world,
    servers,
    players: new Players(world, most),
    udpPlayers: new Map(),
    events: new EventLog(),
    watchers: new Set(),
    proofOf: createProver(options.secret),
    random,
    sight: options.sight ?? Infinity,
    nonsense: new NonsenseLog(print),
    tick: 0,
  }
  arena.events.observe(world, () => arena.tick)
  serveState(arena)
  handleEvents(arena)
  return arena
}

/** Tries port after port, as GameMaker's manual does. */
function openPort(first: number, open: (port: number) => EntityId | NetworkError): EntityId {
  for (let port = first; ; port++) {
    const server = open(port)
    if (server >= 0) return server
    if (server !== NetworkError.portUnavailable || first === 0 || port === 65_535)
      throw new Error(`no server on port ${port}: ${networkErrorName(server)}`)
  }
}

export function closeArena(arena: Arena): void {
  closeNetwork(arena.world)
}

/** The port that a server of the arena listens on. */
export function portOf(arena: Arena, server: EntityId): number {
  return Socket(arena.world).port[server] ?? 0
}
