import {
  addComponent,
  addEntity,
  type EntityId,
  entityExists,
  removeComponent,
  removeEntity,
} from 'bitecs'
import { AcceptedBy } from '../../components/AcceptedBy.ts'
import { Socket } from '../../components/Socket.ts'
import { Connected, Disconnected } from '../../components/socketStates.ts'
import { type SocketRole } from '../constants/SocketRole.ts'
import { type SocketType } from '../constants/SocketType.ts'
import { type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

/** What the store of a new socket entity begins with. */
export interface SocketFacts {
  readonly type: SocketType
  readonly role: SocketRole
  readonly raw: boolean
  readonly ip?: string
  readonly port?: number
  readonly localPort?: number
  readonly gameId?: number
}

/** Makes an entity with the `Socket` component and a store that shows nothing of a former owner of its id. */
export function addSocketEntity(network: Network, facts: SocketFacts): EntityId {
  const { world } = network
  const entity = addEntity(world)
  const store = Socket(world)
  store.type[entity] = facts.type
  store.role[entity] = facts.role
  store.raw[entity] = facts.raw
  store.ip[entity] = facts.ip ?? ''
  store.port[entity] = facts.port ?? 0
  store.localPort[entity] = facts.localPort ?? 0
  store.gameId[entity] = facts.gameId ?? 0
  store.disconnectReason[entity] = 0
  store.connectError[entity] = 0
  store.refused[entity] = 0
  store.failedHandshakes[entity] = 0
  resetCounters(network, entity)
  addComponent(world, entity, Socket)
  return entity
}

/** A connection begins: its counters start at 0. */
export function resetCounters({ world }: Network, entity: EntityId): void {
  const store = Socket(world)
  store.bytesIn[entity] = 0
  store.bytesOut[entity] = 0
  store.packetsIn[entity] = 0
  store.packetsOut[entity] = 0
  store.discardedBytes[entity] = 0
}

/** Makes the entity of an accepted socket. */
export function addAcceptedEntity(network: Network, socket: NetworkSocket): void {
  const { world } = network
  const { ip, port, localPort, stream, transport, role } = socket
  const { raw, gameId } = stream
  const facts = { type: transport.type, role, raw, ip, port, localPort, gameId }
  socket.entity = addSocketEntity(network, facts)
  network.sockets.set(socket.entity, socket)
  addComponent(world, socket.entity, Connected)
  if (socket.server !== undefined && entityExists(world, socket.server.entity))
    addComponent(world, socket.entity, AcceptedBy(socket.server.entity))
}

/** A connection is over: the entity of an accepted socket goes, a client's can be connected again. */
export function markDisconnected({ world }: Network, socket: NetworkSocket): void {
  const { entity } = socket
  removeComponent(world, entity, Connected)
  addComponent(world, entity, Disconnected)
}

/** Removes a socket's entity, which closes its connection. */
export function removeSocketEntity(
  { world }: Network,
  entity: EntityId,
  server: EntityId | undefined,
): void {
  if (!entityExists(world, entity)) return
  // Otherwise removeEntity looks through every pair of the server for each of its clients.
  if (server !== undefined && entityExists(world, server))
    removeComponent(world, entity, AcceptedBy(server))
  removeEntity(world, entity)
}
