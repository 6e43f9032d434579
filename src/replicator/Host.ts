import { type EntityId, type World } from 'bitecs'
import { type ClientView } from '../replication/ClientView.ts'
import { type Source } from '../replication/Source.ts'
import { type ListenerSocket } from '../socket/ListenerSocket.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'

/** How a server replicates its world. */
export interface ServeOptions {
  /** Ticks a second, which clients are told: by default 60. */
  readonly hz?: number
  /**
   * The entities that a client may see; by default all. What the client owns is always seen. Entities that are not `Replicated` do
   * not matter. It runs once a snapshot for each client.
   *
   * @param socket the client's socket
   */
  readonly interest?: (world: World, socket: EntityId) => Iterable<EntityId>
  /**
   * How urgent an entity is to a client, above 0: what it has waited counts by this. By default 1. It runs only when a snapshot
   * cannot hold all that has changed.
   */
  readonly priority?: (world: World, socket: EntityId, entity: EntityId) => number
  /** Bytes of a snapshot, after which no further entity begins: by default 4,096. */
  readonly bytesPerSnapshot?: number
  /** Snapshots that are kept, 2 to 32: by default 32. The first call for a world decides. */
  readonly history?: number
}

/** A server that replicates. */
export interface Serving {
  readonly hz: number
  readonly interest: ServeOptions['interest']
  readonly priority: ServeOptions['priority']
  readonly bytesPerSnapshot: number
}

/** A world that is replicated. */
export interface Host {
  readonly source: Source
  /** Net ids mean something within one. Never 0. */
  readonly epoch: number
  /** Net ids of the replicated entities. */
  readonly netIds: Map<EntityId, number>
  /** By slot: its entity. */
  readonly entities: EntityId[]
  /** By slot: how urgent its components are, multiplied. */
  readonly weights: number[]
  readonly servers: Map<ListenerSocket, Serving>
  readonly clients: Map<ConnectionSocket, Client>
  /** When sockets last said hello, and whether they were sent the schema. */
  readonly greeted: WeakMap<ConnectionSocket, Greeting>
  /** The tick of the last `ReplicationSystem`. */
  tick: number
  /** The number of the latest client: owners are numbers of clients. */
  lastClient: number
}

/** A client that has joined. */
export interface Client {
  readonly socket: ConnectionSocket
  readonly serving: Serving
  readonly view: ClientView
  /** Slots of what it owns at this tick. */
  readonly owned: number[]
  /** When its last snapshot was made. */
  lastMs: number
  /** The newest sequence of its own packets, and when that came; −1 before the first. */
  newestIn: number
  newestInMs: number
  /** When the snapshots of the last sequences were sent, by the lowest bits of the sequence. */
  readonly sentMs: Float64Array
}

interface Greeting {
  readonly atMs: number
  hasSchema: boolean
}
