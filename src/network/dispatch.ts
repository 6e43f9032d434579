import { type AsyncLoad, endAsyncLoad } from '../../components/AsyncLoad.ts'
import { AsyncNetworking } from '../../components/AsyncNetworking.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { collect } from '../errors/collect.ts'
import { isAlive, type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'
import { markDisconnected, removeSocketEntity } from './socketEntities.ts'
import { subscribersOf } from './Subscriptions.ts'

/**
 * Runs every subscriber's handler for each of the tick's events, ends the events, and removes the entities
 * of sockets that are gone. What handlers throw is added to `errors`.
 */
export function dispatch(network: Network, errors: unknown[]): void {
  const { deliveries, deliverySockets } = network
  network.isDispatching = true
  for (let index = 0; index < deliveries.length && isAlive(network); index++) {
    const socket = deliverySockets[index]!
    if (socket.isDestroyed) continue
    const load = deliveries[index]
    if (socket.endsAt === index) endConnection(network, socket, load, errors)
    else if (load !== undefined) runHandlers(network, socket, load, false, errors)
  }
  network.isDispatching = false
}

/** The last of a connection: its state, its disconnect event if there is one, its entity. */
function endConnection(
  network: Network,
  socket: NetworkSocket,
  load: AsyncLoad | undefined,
  errors: unknown[],
): void {
  collect(errors, () => markDisconnected(network, socket))
  if (load !== undefined) runHandlers(network, socket, load, true, errors)
  if (socket.role === SocketRole.accepted && isAlive(network))
    collect(errors, () => removeSocketEntity(network, socket.entity, socket.server?.entity))
}

function runHandlers(
  network: Network,
  socket: NetworkSocket,
  load: AsyncLoad,
  isLast: boolean,
  errors: unknown[],
): void {
  const { world, subscriptions } = network
  const { handler: handlers } = AsyncNetworking(world)
  network.current = load
  const server = socket.server?.entity
  for (const subscription of subscribersOf(
    subscriptions,
    socket.subscribers,
    socket.entity,
    server,
  )) {
    if (!subscription.isActive) continue
    const { entity } = subscription
    try {
      handlers[entity]?.(world, entity, load)
    } catch (error) {
      errors.push(error)
    }
    // Nothing more of a socket that a handler destroyed; its end, though, is everybody's to hear.
    if (socket.isDestroyed && !isLast) break
  }
  network.current = undefined
  endAsyncLoad(load)
}
