import { addComponent, type EntityId, hasComponent, removeComponent, removeEntity } from 'bitecs'
import { AsyncNetworking } from '../../components/AsyncNetworking.ts'
import { Socket } from '../../components/Socket.ts'
import { type Tag } from '../../components/stateTags.ts'
import { type SocketRole } from '../constants/SocketRole.ts'
import { type SocketType } from '../constants/SocketType.ts'
import { collect, collectEach, runOrUndo, throwCollected } from '../errors/collect.ts'
import { addSocketEntity, isLive } from '../entities/liveEntities.ts'
import { type AnySocket, type Network } from './Network.ts'
import { unsubscribeFrom } from './Subscriptions.ts'

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

/** A socket begins, or its next connection: its counters are 0, and nothing of a former one shows. */
export function beginRow({ store }: Network, socket: AnySocket, facts: SocketFacts): void {
  const { entity } = socket
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
  socket.counters.showIn(entity)
}

/** Adds a socket that the user asked for. If an observer of the user throws, it goes: the caller will not learn its entity. */
export function addSocketOrThrow(
  network: Network,
  socket: AnySocket,
  facts: SocketFacts,
  ...components: object[]
): EntityId {
  const add = (): void => addSocket(network, socket, facts, ...components)
  runOrUndo(add, () => removeSocket(network, socket))
  return socket.entity
}

/**
 * Makes the entity of a socket, with a row of its own in the store: `Socket`, then the other components. An observer of
 * the user may remove the entity at any of them, and its id may be another's at once.
 */
export function addSocket(
  network: Network,
  socket: AnySocket,
  facts: SocketFacts,
  ...components: object[]
): void {
  const { world, sockets } = network
  const entity = (socket.entity = addSocketEntity(network))
  beginRow(network, socket, facts)
  const errors: unknown[] = []
  sockets.set(entity, socket)
  collectEach(errors, [Socket, ...components], (component) => {
    if (sockets.get(entity) === socket && isLive(network, entity))
      addComponent(world, entity, component)
  })
  throwCollected(errors)
}

/** Gives the entity of a socket one state in place of others. An observer of the user may remove the socket meanwhile. */
export function changeState(
  network: Network,
  socket: { readonly entity: EntityId },
  from: Tag[],
  to: Tag,
): void {
  const { world, sockets } = network
  const { entity } = socket
  if (!isLive(network, entity)) return
  removeComponent(world, entity, ...from)
  if (sockets.get(entity) === socket && isLive(network, entity)) addComponent(world, entity, to)
}

/** As many observers of the user may throw while an entity is removed. */
const removalTriesMax = 64

/**
 * Closes a socket and removes its entity, if that is still its own. bitECS stops where an observer of the user throws, and
 * goes on from there when it is called again.
 */
export function removeSocket(network: Network, socket: AnySocket): void {
  const { world, sockets } = network
  const { entity } = socket
  if (sockets.get(entity) !== socket) {
    socket.destroy()
    return
  }
  const errors: unknown[] = []
  // Not once more than observers have thrown: the id may be another's.
  for (let tries = 0; tries === errors.length && tries < removalTriesMax; tries++)
    if (isLeft(network, socket)) collect(errors, () => removeEntity(world, entity))
  // Where bitECS takes a live entity for dead it calls no observer.
  if (sockets.get(entity) === socket) collect(errors, () => forgetSocket(network, entity))
  throwCollected(errors)
}

/** An entity has lost its `Socket`: its connection closes, and what was subscribed to it alone ends. */
export function forgetSocket(network: Network, entity: EntityId): void {
  const { world, sockets, subscriptions } = network
  const socket = sockets.get(entity)
  if (socket === undefined) return
  sockets.delete(entity)
  // First: when an observer of the user runs, the id may be another's.
  const ended = unsubscribeFrom(subscriptions, entity)
  const errors: unknown[] = []
  collect(errors, () => socket.destroy())
  collectEach(errors, ended, (subscriber) => {
    const isDone = network.isAlive() && subscriptions.byEntity[subscriber]?.length === 0
    if (isDone && isLive(network, subscriber)) removeComponent(world, subscriber, AsyncNetworking)
  })
  throwCollected(errors)
}

/** Whether the socket's entity is still there, and not another's that has its id already. */
function isLeft(network: Network, socket: AnySocket): boolean {
  const { world, sockets } = network
  const { entity } = socket
  if (!isLive(network, entity)) return false
  const found = sockets.get(entity)
  return found === undefined ? hasComponent(world, entity, Socket) : found === socket
}
