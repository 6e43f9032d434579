import { type AsyncLoad, endAsyncLoad } from '../../components/AsyncLoad.ts'
import { Socket } from '../../components/Socket.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { collect } from '../errors/collect.ts'
import { type Arrival, type ArrivalSocket, type StateArrival } from './Arrival.ts'
import { isAlive, type Network } from './Network.ts'
import { markDisconnected, removeSocketEntity } from './socketEntities.ts'
import { subscribersOf } from './Subscriptions.ts'

/**
 * Runs every subscriber's handler for each of the tick's events, ends the events, and removes the entities
 * of sockets that are gone. What handlers throw is added to `errors`.
 */
export function dispatch(network: Network, errors: unknown[]): void {
  network.isDispatching = true
  for (const arrival of network.taken) {
    const { socket } = arrival
    if (arrival.kind === 'disconnect') endConnection(network, arrival, errors)
    else
      while (arrival.count > 0 && !socket.isDestroyed && isAlive(network))
        dispatchNext(network, arrival, errors)
    if (!isAlive(network)) break
  }
  network.isDispatching = false
}

function dispatchNext(network: Network, arrival: Arrival, errors: unknown[]): void {
  const { socket } = arrival
  if (arrival.kind === 'peerLost')
    Socket(network.world).disconnectReason[socket.entity] = arrival.reason
  const load = socket.inbox.current?.take(arrival)
  // A failure to connect is everybody's to hear, even if a handler connects anew at once.
  const isLast = arrival.kind === 'connectResult' && arrival.socket.connectError !== 0
  if (load === undefined) arrival.count = 0
  else runHandlers(network, socket, load, isLast, errors)
}

/** The last of a connection: its state, its disconnect event if there is one, its entity. */
function endConnection(network: Network, arrival: StateArrival, errors: unknown[]): void {
  const { socket } = arrival
  if (socket.isDestroyed) return
  collect(errors, () => markDisconnected(network, socket))
  const load = socket.inbox.current?.take(arrival)
  if (load !== undefined) runHandlers(network, socket, load, true, errors)
  if (socket.role === SocketRole.accepted && !socket.isDestroyed && isAlive(network))
    collect(errors, () => removeSocketEntity(network, socket.entity, socket.server?.entity))
}

function runHandlers(
  network: Network,
  socket: ArrivalSocket,
  load: AsyncLoad,
  isLast: boolean,
  errors: unknown[],
): void {
  const { world, subscriptions, handlers } = network
  const server = socket.server?.entity
  const list = subscribersOf(subscriptions, socket.inbox.subscribers, socket.entity, server)
  for (const subscription of list) {
    if (!subscription.isActive) continue
    const { entity } = subscription
    try {
      handlers[entity]?.(world, entity, load)
    } catch (error) {
      errors.push(error)
    }
    // Nothing more of a socket that a handler destroyed; its end, though, is everybody's to hear.
    if ((socket.isDestroyed && !isLast) || !isAlive(network)) break
  }
  endAsyncLoad(load)
}
