import { addComponent } from 'bitecs'
import { Disconnected, Listening } from '../../components/stateTags.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type ListenerSocket } from '../socket/ListenerSocket.ts'
import { type Network } from './Network.ts'

/** Shows that a listener listens, or why it cannot, once no transport is on the stack: an observer of the user may run. */
export function reportListening(
  network: Network,
  socket: ListenerSocket,
  error: NetworkError | 0,
): void {
  queueMicrotask(() => {
    const { world, store, sockets } = network
    const { entity, listener } = socket
    if (!network.isAlive() || sockets.get(entity) !== socket) return
    store.connectError[entity] = error
    store.port[entity] = store.localPort[entity] = listener?.port ?? 0
    addComponent(world, entity, error === 0 ? Listening : Disconnected)
  })
}
