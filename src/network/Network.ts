import {
  $internal,
  type EntityId,
  type InternalWorld,
  observe,
  onAdd,
  onRemove,
  query,
  type World,
} from 'bitecs'
import { AsyncNetworking, type AsyncNetworkingStore } from '../../components/AsyncNetworking.ts'
import { Socket } from '../../components/Socket.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { type Arrival, type ArrivalSocket } from './Arrival.ts'
import { type BatchPool, createBatchPool } from './BatchPool.ts'
import { type DatagramSocket } from './DatagramSocket.ts'
import { defaultConfig, type NetworkConfig } from './NetworkConfig.ts'
import { type NetworkServer } from './NetworkServer.ts'
import { type NetworkSocket } from './NetworkSocket.ts'
import { removeClients } from './socketEntities.ts'
import { createSubscriptions, type Subscriptions, subscribe, unsubscribe } from './Subscriptions.ts'
import { createWarner, type Warner } from './Warner.ts'
import { type HostName } from './withAddress.ts'

/** What an entity with `Socket` can be. */
export type AnySocket = NetworkSocket | NetworkServer | DatagramSocket

/** Everything that the library keeps of one world. */
export interface Network {
  readonly world: World
  /** What `resetWorld` and `deleteWorld` replace: tells whether the world is still the one we knew. */
  readonly entityIndex: unknown
  readonly config: NetworkConfig
  /** By entity. An entry goes with its `Socket` component, so a recycled id never finds an old socket. */
  readonly sockets: Map<EntityId, AnySocket>
  readonly subscriptions: Subscriptions
  /** The store of `AsyncNetworking`: handlers by entity. */
  readonly handlers: AsyncNetworkingStore['handler']
  readonly warner: Warner
  readonly batches: BatchPool
  /** What has arrived and waits for a tick, in order. */
  arrivals: Arrival[]
  /** Sockets with arrivals that wait. */
  waitingSockets: number
  /** Events that wait. */
  waitingEvents: number
  /** Connections whose outcome the world has not been told. */
  settling: NetworkSocket[]
  /** What this tick handles, in order. */
  readonly taken: Arrival[]
  /** Sockets with the `NetworkEvent` component. */
  readonly eventful: ArrivalSocket[]
  /** Whether this tick's arrivals have been taken. */
  hasReceived: boolean
  /** Whether handlers are running. */
  isDispatching: boolean
  /** Sockets whose counters the store has not been told. */
  uncounted: ArrivalSocket[]
  /** Sockets that have something to send. */
  outgoing: NetworkSocket[]
  isFlushScheduled: boolean
  /** Sockets whose last write the operating system has not taken whole. */
  readonly draining: Set<NetworkSocket>
  /** Sockets with a read time limit and an unfinished packet. */
  readonly unfinished: Set<NetworkSocket>
  /** Connections whose peers are asked for a sign of life when they are silent. */
  readonly heartbeats: Set<NetworkSocket>
  /** Time that has passed in ticks: it stands still while the game is paused. */
  tickedMs: number
  lastTickMs: number
  /** When silent peers were last looked for, in ticked time. */
  lastLookMs: number
  /** Host names that datagrams were sent to. */
  readonly names: Map<string, HostName>
  /** Counts ticks, so that sockets can count per tick without being reset. */
  tick: number
}

const networks = new WeakMap<object, Network>()
/** The one used last: most programs have one world, and comparing is faster than looking it up. */
let latest: Network | undefined

/**
 * The network of a world, made on first use. A world that was reset starts anew: its former sockets are
 * closed.
 *
 * @throws TypeError if `world` is no bitECS world, or was deleted
 */
export function networkOf(where: string, world: World): Network {
  const network = latest?.world === world ? latest : networks.get(world)
  if (network !== undefined) {
    latest = network
    if (isAlive(network)) return network
    abandon(network)
  }
  if (typeof world !== 'object' || world === null || contextOf(world) === undefined)
    throw wrongType(where, 'world', 'a bitECS world that was not deleted', world)
  const created = createNetwork(world)
  networks.set(world, created)
  return created
}

/** Whether the world is still there and has not been reset. */
export function isAlive(network: Network): boolean {
  return contextOf(network.world)?.entityIndex === network.entityIndex
}

/** Closes everything of a world that is gone. Nothing of bitECS is touched. */
export function abandon(network: Network): void {
  if (networks.get(network.world) === network) networks.delete(network.world)
  if (latest === network) latest = undefined
  const sockets = [...network.sockets.values()]
  network.sockets.clear()
  network.arrivals = []
  for (const socket of sockets) socket.destroy()
}

function createNetwork(world: World): Network {
  const config = defaultConfig()
  const network: Network = {
    world,
    entityIndex: contextOf(world)?.entityIndex,
    config,
    sockets: new Map(),
    subscriptions: createSubscriptions(world),
    handlers: AsyncNetworking(world).handler,
    warner: createWarner(config),
    batches: createBatchPool(),
    arrivals: [],
    waitingSockets: 0,
    waitingEvents: 0,
    settling: [],
    taken: [],
    eventful: [],
    hasReceived: false,
    isDispatching: false,
    uncounted: [],
    outgoing: [],
    isFlushScheduled: false,
    draining: new Set(),
    unfinished: new Set(),
    heartbeats: new Set(),
    tickedMs: 0,
    lastTickMs: 0,
    lastLookMs: 0,
    names: new Map(),
    tick: 0,
  }
  for (const entity of query(world, [AsyncNetworking])) subscribe(network.subscriptions, entity)
  observe(world, onAdd(AsyncNetworking), (entity) => {
    subscribe(network.subscriptions, entity)
  })
  observe(world, onRemove(AsyncNetworking), (entity) => {
    unsubscribe(network.subscriptions, entity)
    network.handlers[entity] = undefined
  })
  observe(world, onRemove(Socket), (entity) => {
    const socket = network.sockets.get(entity)
    if (socket === undefined) return
    // bitECS removes the clients of a server with it, but not those that had another relation to it.
    if (socket.kind === 'listener') removeClients(network, socket)
    network.sockets.delete(entity)
    socket.destroy()
  })
  return network
}

function contextOf(world: World): { readonly entityIndex: unknown } | undefined {
  return (world as Partial<InternalWorld>)[$internal]
}
