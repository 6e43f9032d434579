// A server with many clients over the transport that does nothing.
import { createWorld, type EntityId, query, type QueryResult, type World } from 'bitecs'
import {
  AcceptedBy,
  createServer,
  type NetworkingHandler,
  NetworkSystem,
  NetworkType,
  onNetworking,
  setNetworkConfig,
  Socket,
} from 'bitecs-networking'
import {
  createSilentTransport,
  type SilentPeer,
  type SilentTransport,
} from './createSilentTransport.ts'
import { answer, headerBytes, writeHeader } from './gameMaker.ts'

/** A world with a server in packet mode and its clients; peers and sockets in order of connecting. */
export interface Crowd {
  readonly world: World
  readonly server: EntityId
  readonly transport: SilentTransport
  readonly peers: SilentPeer[]
  /** The entities of the accepted sockets. */
  readonly sockets: EntityId[]
  /** Data events that the server's handler received. */
  readonly received: { events: number }
}

/**
 * Connects `size` clients.
 *
 * @param onData runs for each data event; without it nothing subscribes
 */
export function createCrowd(size: number, onData?: NetworkingHandler): Crowd {
  const world = createWorld()
  setNetworkConfig(world, {
    eventsPerTickMax: Infinity,
    eventsPerSocketMax: Infinity,
    queuedEventsMax: 1e6,
    queuedBytesMax: 1e9,
  })
  const transport = createSilentTransport()
  const server = createServer(world, transport, 0)
  const crowd: Crowd = { world, server, transport, peers: [], sockets: [], received: { events: 0 } }
  if (onData !== undefined)
    onNetworking(world, server, (world, self, asyncLoad) => {
      if (asyncLoad.type !== NetworkType.data) return
      crowd.received.events++
      onData(world, self, asyncLoad)
    })
  for (let peer = 0; peer < size; peer++) joinCrowd(crowd)
  NetworkSystem(world)
  crowd.sockets.push(...clientsOf(crowd))
  if (crowd.sockets.length !== size)
    throw new Error(`expected ${size} clients, got ${crowd.sockets.length}`)
  return crowd
}

/** Connects one more client, to the end of its handshake. Its entity is made by the next tick. */
export function joinCrowd({ transport, peers }: Crowd): SilentPeer {
  const peer = transport.accept()
  peer.received(new Uint8Array(answer))
  peers.push(peer)
  return peer
}

/** The clients by query, as a game asks for them. */
export function clientsOf({ world, server }: Crowd): QueryResult {
  return query(world, [Socket, AcceptedBy(server)])
}

/** The bytes of `count` packets of `payloadBytes` each: a chunk as TCP delivers it. */
export function packetsOf(count: number, payloadBytes: number): Uint8Array {
  const packetBytes = headerBytes + payloadBytes
  const bytes = new Uint8Array(packetBytes * count)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < count; index++) writeHeader(view, index * packetBytes, payloadBytes)
  return bytes
}

/** Fails unless the server's handler received so many events since the last call. */
export function expectEvents({ received }: Crowd, expected: number): void {
  if (received.events !== expected)
    throw new Error(`expected ${expected} events, got ${received.events}`)
  received.events = 0
}
