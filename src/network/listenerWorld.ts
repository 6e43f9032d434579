import { addComponent, query, removeEntity } from 'bitecs'
import { AcceptedBy } from '../../components/AcceptedBy.ts'
import { Connected, Disconnected, Listening } from '../../components/stateTags.ts'
import { type ListenerWorld } from '../socket/ListenerSocket.ts'
import { isLive } from '../entities/liveEntities.ts'
import { type Network } from './Network.ts'
import { addSocket, removeSocket } from './socketEntities.ts'

/** What the listeners of a world change in it. Only `createServer` uses it, so a client's bundle has none of it. */
export function listenerWorld(network: Network): ListenerWorld {
  const { world, store, sockets } = network
  return {
    showListening(socket, error) {
      // An observer of the user may run.
      queueMicrotask(() => {
        const { entity, listener } = socket
        if (!network.isAlive() || sockets.get(entity) !== socket) return
        store.connectError[entity] = error
        store.port[entity] = store.localPort[entity] = listener?.port ?? 0
        if (isLive(network, entity))
          addComponent(world, entity, error === 0 ? Listening : Disconnected)
      })
    },

    addClient(socket) {
      const { ip, port, localPort, stream, transport, role } = socket
      const { raw, gameId } = stream
      const server = socket.server!.entity
      const facts = { type: transport.type, role, raw, ip, port, localPort, gameId, server }
      addSocket(network, socket, facts, AcceptedBy(server), Connected)
    },

    removeClient: (socket) => removeSocket(network, socket),

    removeRest({ entity }) {
      if (!network.isAlive()) return
      for (const rest of query(world, [AcceptedBy(entity)]))
        if (isLive(network, rest)) removeEntity(world, rest)
    },
  }
}
