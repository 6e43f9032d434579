// What a transport reports of connecting is shown to the world when no transport is on the stack, since an
// observer of the user may run, but without waiting for a tick, so that `await connectSocket(…)` works before any loop runs.

import { Connected, Connecting, Disconnected } from '../../components/stateTags.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { collectEach, throwCollected } from '../errors/collect.ts'
import { type ConnectingSocket } from '../socket/SocketHost.ts'
import { type Network } from './Network.ts'
import { changeState } from './socketEntities.ts'

/** Shows the outcome of a client's attempt to connect soon. */
export function reportConnectSoon(network: Network, socket: ConnectingSocket): void {
  network.connected.push(socket)
  if (network.connected.length > 1) return
  queueMicrotask(() => {
    const errors: unknown[] = []
    reportConnects(network, errors)
    throwCollected(errors)
  })
}

/** Shows every outcome that waits. What observers of the user throw is added to `errors`. */
export function reportConnects(network: Network, errors: unknown[]): void {
  const sockets = network.connected
  if (sockets.length === 0) return
  network.connected = []
  collectEach(errors, sockets, (socket) => reportConnect(network, socket))
}

function reportConnect(network: Network, socket: ConnectingSocket): void {
  const { store, sockets } = network
  const { attempt, entity, connectError } = socket
  if (attempt === undefined || socket.isDestroyed) return
  socket.attempt = undefined
  try {
    if (!network.isAlive()) return
    store.connectError[entity] = connectError
    const isMade = connectError === 0
    store.ip[entity] = isMade ? socket.ip : ''
    store.port[entity] = isMade ? socket.port : 0
    if (isMade) store.localPort[entity] = socket.localPort
    changeState(network, socket, [Connecting], isMade ? Connected : Disconnected)
  } finally {
    // No entity of a world that is gone may be used, though it may have connected.
    const error = sockets.get(entity) === socket ? connectError : NetworkError.connectionClosed
    attempt.resolve(error === 0 ? entity : error)
  }
}
