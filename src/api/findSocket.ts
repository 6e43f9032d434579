import type { EntityId } from 'bitecs'
import { NetworkError } from '../constants/NetworkError.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { type AnySocket, type Network } from '../network/Network.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'

/** The socket of an entity, or `unknownSocket`. */
export function findSocket(
  where: string,
  { sockets }: Network,
  entity: EntityId,
): AnySocket | NetworkError {
  const socket = sockets.get(entity)
  if (socket !== undefined) return socket
  if (typeof entity !== 'number') throw wrongType(where, 'socket', 'an entity', entity)
  return NetworkError.unknownSocket
}

/** The client or accepted socket of an entity; or `unknownSocket`, or `wrongRole` for other sockets. */
export function findConnection(
  where: string,
  network: Network,
  entity: EntityId,
): ConnectionSocket | NetworkError {
  const socket = findSocket(where, network, entity)
  if (typeof socket === 'number' || socket.kind === 'connection') return socket
  return NetworkError.wrongRole
}
