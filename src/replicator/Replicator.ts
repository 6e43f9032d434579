import type { EntityId, World } from 'bitecs'
import { Replication, type ReplicationStore } from '../../components/Replication.ts'
import { type Claim, createClaim } from '../event/Claim.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { tag } from '../replication/envelope.ts'
import { type Schema } from '../replication/Schema.ts'
import { type DeclaredComponent } from './Declared.ts'
import { type Guest } from './Guest.ts'
import { type Client, type Host } from './Host.ts'

/** What is replicated of one world, and with whom. It ends when the world is reset. */
export interface Replicator {
  readonly world: World
  readonly network: Network
  readonly schema: Schema
  readonly components: readonly DeclaredComponent[]
  readonly store: ReplicationStore
  /** What the sockets get that replicate: packets of replication go to it alone. */
  readonly claim: Claim
  /** The world as a server, with what that needs: a bundle without servers has none of it. */
  host: Host | undefined
  serverHalf: ServerHalf | undefined
  /** What a client needs. */
  clientHalf: ClientHalf | undefined
  /** The world as a client: by socket. */
  readonly guests: Map<ConnectionSocket, Guest>
  /** Those that have said hello and wait for the answer. */
  readonly joins: Map<ConnectionSocket, Join>
  /** Replicas of connections that were lost: the latest last. */
  readonly lost: Guest[]
  /** Whether `shown` was asked for a store that `InterpolationSystem` fills. */
  needsFrames: boolean
  /** The replicas of the world. An entity whose `Remote` was removed here is no longer one. */
  readonly replicas: Map<EntityId, Guest>
}

export interface ServerHalf {
  /** Takes a packet of an accepted socket. */
  take(replicator: Replicator, host: Host, socket: ConnectionSocket, bytes: Uint8Array): void
  /** Sends snapshots of a tick, of the next without one. */
  run(replicator: Replicator, host: Host, tick: number | undefined, errors: unknown[]): void
  /** A client has gone. */
  end(host: Host, client: Client): void
}

export interface ClientHalf {
  /** Takes a packet of a client socket. */
  take(replicator: Replicator, socket: ConnectionSocket, bytes: Uint8Array): void
  /** Acknowledges what has come. */
  run(replicator: Replicator, errors: unknown[]): void
}

/** A client that wants to join. */
export interface Join {
  readonly outcome: Promise<EntityId | NetworkError>
  readonly settle: (result: EntityId | NetworkError) => void
  /** The replicas that it has told the server of. */
  readonly kept: Guest | undefined
}

const replicators = new WeakMap<object, Replicator>()

/**
 * The replication of a world.
 *
 * @throws Error if nothing was declared since the world was made or reset; TypeError unless `world` is a bitECS world
 */
export function replicatorOf(where: string, world: World): Replicator {
  const replicator = findReplicator(where, world)
  if (replicator === undefined)
    throw new Error(`${where}: call replicate(world, …) first, which says what is replicated`)
  return replicator
}

/** The replication of a world, if it has one. A world that was reset has none. */
export function findReplicator(where: string, world: World): Replicator | undefined {
  const network = networkOf(where, world)
  const replicator = replicators.get(world)
  return replicator?.network === network ? replicator : undefined
}

/** Of the first four bytes, the tag and the highest bits of the version: versions up to 15 are replication's. */
const tagMask = 0xf0_ff_ff_ff

export function createReplicator(
  network: Network,
  schema: Schema,
  components: readonly DeclaredComponent[],
  take: (replicator: Replicator, socket: ConnectionSocket, bytes: Uint8Array) => void,
): Replicator {
  const { world } = network
  const replicator: Replicator = {
    world,
    network,
    schema,
    components,
    store: Replication(world),
    claim: createClaim(tag & tagMask, tagMask, {
      isActive: true,
      run(load) {
        const socket = network.sockets.get(load.id)
        if (socket?.kind !== 'connection' || !('buffer' in load)) return
        const { memory, start, size } = load.buffer
        if (memory !== undefined)
          take(replicator, socket, memory.bytes.subarray(start, start + size))
      },
    }),
    host: undefined,
    serverHalf: undefined,
    clientHalf: undefined,
    guests: new Map(),
    joins: new Map(),
    lost: [],
    needsFrames: false,
    replicas: new Map(),
  }
  replicators.set(world, replicator)
  return replicator
}
