import { type EntityId } from 'bitecs'
import { NetworkError } from '../constants/NetworkError.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { type Network } from './Network.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

/** The client or accepted socket of an entity, or why it is none. */
export function findSocket(
  where: string,
  network: Network,
  entity: EntityId,
): NetworkSocket | NetworkError {
  const socket = network.sockets.get(entity)
  if (socket === undefined) {
    if (typeof entity !== 'number') throw wrongType(where, 'socket', 'an entity', entity)
    return NetworkError.unknownSocket
  }
  return socket.kind === 'connection' ? socket : NetworkError.wrongRole
}
