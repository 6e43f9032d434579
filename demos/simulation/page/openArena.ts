// The arena's server in this tab: its code as it is, in a world that has joined a network in memory.
import { createServer, SocketType } from 'bitecs-networking'
import { type MemoryNetwork } from 'bitecs-networking/simulation'
import { type Arena } from '../../arena/server/Arena.ts'
import { EventLog } from '../../arena/server/EventLog.ts'
import { handleEvents } from '../../arena/server/handleEvents.ts'
import { NonsenseLog } from '../../arena/server/NonsenseLog.ts'
import { Players } from '../../arena/server/Players.ts'
import { serveState } from '../../arena/server/sendState.ts'
import { createArenaWorld } from '../../arena/shared/arenaWorld.ts'
import { playersMax } from '../../arena/shared/constants.ts'

/** Where its servers are. */
export const ports = { ws: 8_080, tcp: 8_081, udp: 8_082 } as const

/** No message of the game is longer. */
const limits = { messageBytesMax: 1024 }

export function openArena(network: MemoryNetwork): Arena {
  const world = createArenaWorld()
  network.join(world)
  const arena: Arena = {
    world,
    servers: {
      tcp: createServer(world, SocketType.tcp, ports.tcp, limits),
      udp: createServer(world, SocketType.udp, ports.udp, limits),
      ws: createServer(world, SocketType.ws, ports.ws, { ...limits, path: '/arena' }),
    },
    players: new Players(world, playersMax),
    udpPlayers: new Map(),
    events: new EventLog(),
    watchers: new Set(),
    // Nobody in this tab forges a sender.
    proofOf: () => 0,
    random: Math.random,
    sight: Infinity,
    nonsense: new NonsenseLog((line) => console.warn(line)),
    tick: 0,
  }
  serveState(arena)
  handleEvents(arena)
  return arena
}
