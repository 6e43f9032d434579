import { addComponent, entityExists, removeComponent } from 'bitecs'
import { Socket } from '../../components/Socket.ts'
import { Connected, Connecting, Disconnected } from '../../components/socketStates.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { collect, throwCollected } from '../errors/collect.ts'
import { isAlive, type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

/**
 * Tells the world the outcome of a client's attempt to connect: now that no transport is on the stack, but
 * without waiting for a tick, so that `await connectSocket(…)` works before any loop runs.
 */
export function settleSoon(network: Network, socket: NetworkSocket): void {
  network.settling.push(socket)
  if (network.settling.length === 1) queueMicrotask(() => settleNow(network))
}

/** Tells the world every outcome that waits. What observers of the user throw is added to `errors`. */
export function settle(network: Network, errors: unknown[]): void {
  const sockets = network.settling
  if (sockets.length === 0) return
  network.settling = []
  for (const socket of sockets) collect(errors, () => settleOne(network, socket))
}

function settleNow(network: Network): void {
  const errors: unknown[] = []
  settle(network, errors)
  throwCollected(errors)
}

function settleOne(network: Network, socket: NetworkSocket): void {
  const { world } = network
  const { attempt, entity, connectError } = socket
  if (attempt === undefined || socket.isDestroyed) return
  socket.attempt = undefined
  try {
    if (isAlive(network) && entityExists(world, entity)) {
      const store = Socket(world)
      store.connectError[entity] = connectError
      removeComponent(world, entity, Connecting)
      if (network.sockets.get(entity) !== socket) return
      if (connectError === 0) {
        store.ip[entity] = socket.ip
        store.port[entity] = socket.port
        store.localPort[entity] = socket.localPort
        addComponent(world, entity, Connected)
      } else addComponent(world, entity, Disconnected)
    }
  } finally {
    const lost = isAlive(network) && network.sockets.get(entity) !== socket
    const error = lost ? NetworkError.connectionClosed : connectError
    attempt.resolve(error === 0 ? entity : error)
  }
}
