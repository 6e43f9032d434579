import { removeComponent } from 'bitecs'
import { endAsyncLoad } from '../../components/AsyncLoad.ts'
import { NetworkEvent } from '../../components/NetworkEvent.ts'
import { collect } from '../errors/collect.ts'
import { type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

/** Clears what is left of a tick's events. */
export function clearEvents(network: Network, errors: unknown[]): void {
  const { world, eventful, deliveries, deliverySockets } = network
  const store = NetworkEvent(world)
  for (const socket of eventful) {
    if (!socket.isDestroyed) store.events[socket.entity] = undefined
    socket.events = undefined
    // A client that was connected anew by a handler has another socket under the same entity.
    if (network.sockets.has(socket.entity))
      collect(errors, () => removeComponent(world, socket.entity, NetworkEvent))
  }
  eventful.length = 0
  deliveries.length = 0
  deliverySockets.length = 0
  network.hasReceived = false
}

/** Ends the events of a destroyed socket that no handler has seen; the one being handled goes on. */
export function endEvents({ world, current }: Network, socket: NetworkSocket): void {
  if (socket.events === undefined) return
  for (const load of socket.events) if (load !== current) endAsyncLoad(load)
  NetworkEvent(world).events[socket.entity] = undefined
  socket.events = undefined
}
