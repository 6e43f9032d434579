import {
  addComponent,
  addEntity,
  type EntityId,
  entityExists,
  hasComponent,
  removeComponent,
  removeEntity,
} from 'bitecs'
import { Socket } from '../../components/Socket.ts'
import { Connected, Disconnected } from '../../components/stateTags.ts'
import { type SocketRole } from '../constants/SocketRole.ts'
import { type SocketType } from '../constants/SocketType.ts'
import { collect, throwCollected } from '../errors/collect.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { type AnySocket, type Network } from './Network.ts'

/** What the store of a new socket entity begins with. */
export interface SocketFacts {
  readonly type: SocketType
  readonly role: SocketRole
  readonly raw: boolean
  readonly ip?: string
  readonly port?: number
  readonly localPort?: number
  readonly gameId?: number
  readonly server?: EntityId | undefined
}

/** Makes the entity of a socket, with a row of its own in the store. */
export function createSocketEntity(network: Network, facts: SocketFacts): EntityId {
  const entity = addEntity(network.world)
  fillRow(network, entity, facts)
  return entity
}

/** A socket begins, or its next connection: its counters are 0, and nothing of a former one shows. */
export function fillRow({ store }: Network, entity: EntityId, facts: SocketFacts): void {
  store.type[entity] = facts.type
  store.role[entity] = facts.role
  store.raw[entity] = facts.raw
  store.server[entity] = facts.server
  store.ip[entity] = facts.ip ?? ''
  store.port[entity] = facts.port ?? 0
  store.localPort[entity] = facts.localPort ?? 0
  store.gameId[entity] = facts.gameId ?? 0
  store.disconnectReason[entity] = 0
  store.connectError[entity] = 0
  store.bytesIn[entity] = 0
  store.bytesOut[entity] = 0
  store.packetsIn[entity] = 0
  store.packetsOut[entity] = 0
  store.discardedBytes[entity] = 0
  store.undelivered[entity] = 0
  store.dropped[entity] = 0
  store.refused[entity] = 0
  store.failedHandshakes[entity] = 0
}

/**
 * Shows a socket to the world: `Socket`, then the other components. An observer of the user may remove the
 * entity at any of them, and its id may be another's at once.
 */
export function showSocket(
  { world, sockets }: Network,
  socket: AnySocket,
  ...components: object[]
): void {
  const { entity } = socket
  const errors: unknown[] = []
  sockets.set(entity, socket)
  for (const component of [Socket, ...components])
    if (sockets.get(entity) === socket)
      collect(errors, () => void addComponent(world, entity, component))
  throwCollected(errors)
}

/** A connection is over: the entity of an accepted socket goes, a client's can be connected again. */
export function markDisconnected({ world, sockets }: Network, socket: ConnectionSocket): void {
  const { entity } = socket
  removeComponent(world, entity, Connected)
  if (sockets.get(entity) === socket) addComponent(world, entity, Disconnected)
}

/** As many observers of the user may throw while an entity is removed. */
const removalTriesMax = 64

/**
 * Removes a socket's entity, which closes its connection. bitECS stops where an observer of the user throws, and goes on
 * from there when it is called again.
 */
export function removeSocketEntity(network: Network, entity: EntityId): void {
  const { world, sockets } = network
  const socket = sockets.get(entity)
  const errors: unknown[] = []
  // Not once more than observers have thrown: the id may be another's.
  for (let tries = 0; tries === errors.length && tries < removalTriesMax; tries++)
    if (isLeft(network, entity, socket)) collect(errors, () => removeEntity(world, entity))
  // bitECS with versioned ids can take a live entity for dead, and calls no observer then.
  if (socket !== undefined && sockets.get(entity) === socket) {
    sockets.delete(entity)
    socket.destroy()
  }
  throwCollected(errors)
}

/** Whether an entity is still the socket's, and not another's that has its id already. */
function isLeft(
  { world, sockets }: Network,
  entity: EntityId,
  socket: AnySocket | undefined,
): boolean {
  if (!entityExists(world, entity)) return false
  const found = sockets.get(entity)
  return found === undefined ? hasComponent(world, entity, Socket) : found === socket
}
