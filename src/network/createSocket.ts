import { type EntityId, type World } from 'bitecs'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { networkOf } from './Network.ts'
import { NetworkSocket } from './NetworkSocket.ts'
import { createSocketEntity, showSocket } from './socketEntities.ts'
import { type TransportChoice, transportOf } from './transportOf.ts'

/**
 * Makes a client socket: an entity with `Socket`, not connected yet. GameMaker's `network_create_socket`.
 *
 * @param type `SocketType.tcp`, or a transport such as `createMemoryTransport()`
 * @returns the entity, or `NetworkError.unsupported` where the platform has no such sockets
 */
export function createSocket(world: World, type: TransportChoice): EntityId | NetworkError {
  const network = networkOf('createSocket', world)
  const transport = transportOf('createSocket', type)
  if (transport === undefined) return NetworkError.unsupported
  const role = SocketRole.client
  const entity = createSocketEntity(network, { type: transport.type, role, raw: false })
  const { config } = network
  const socket = new NetworkSocket(network, transport, role, {
    raw: false,
    messageBytesMax: config.clientMessageBytesMax,
    sendQueueBytesMax: config.clientSendQueueBytesMax,
    malformed: config.malformed,
    gameId: config.gameId,
  })
  socket.entity = entity
  showSocket(network, socket)
  return entity
}
