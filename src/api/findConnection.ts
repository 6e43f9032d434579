import type { EntityId } from 'bitecs'
import { NetworkError } from '../constants/NetworkError.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { type Network } from '../network/Network.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'

/** The client or accepted socket of an entity; or `unknownSocket`, or `wrongRole` for other sockets. */
export function findConnection(
  where: string,
  network: Network,
  entity: EntityId,
): ConnectionSocket | NetworkError {
  const socket = network.sockets.get(entity)
  if (socket === undefined) {
    if (typeof entity !== 'number') throw wrongType(where, 'socket', 'an entity', entity)
    return NetworkError.unknownSocket
  }
  return socket.kind === 'connection' ? socket : NetworkError.wrongRole
}
