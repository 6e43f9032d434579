import { type EntityId } from 'bitecs'
import { type ArenaWorld } from '../shared/arenaWorld.ts'
import { type EventLog } from './EventLog.ts'
import { type NonsenseLog } from './NonsenseLog.ts'
import { type Players } from './Players.ts'
import { type UdpPlayer } from './UdpPlayer.ts'

/** Everything that a server knows. */
export interface Arena {
  readonly world: ArenaWorld
  readonly servers: { readonly tcp: EntityId; readonly udp: EntityId; readonly ws: EntityId }
  readonly players: Players
  /** Who plays over UDP, by address and port: datagrams have no connection. */
  readonly udpPlayers: Map<string, UdpPlayer>
  readonly events: EventLog
  /** Sockets whose page shows the log of Networking events. */
  readonly watchers: Set<EntityId>
  /** The number that somebody at an address has to send back. */
  readonly proofOf: (address: string) => number
  readonly random: () => number
  /** How far players without replication see other ships, in units. */
  readonly sight: number
  /** Prints who sends nonsense, for who runs the server. */
  readonly nonsense: NonsenseLog
  /** The tick that runs, or ran last. */
  tick: number
}
