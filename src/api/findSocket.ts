import type { EntityId } from 'bitecs'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type AnySocket, type Network } from '../network/Network.ts'
import { refuseTarget } from '../warnings/warnOfCalls.ts'

/** The socket of an entity, if it is of one kind; or `unknownSocket`, or `wrongRole` for a socket of another kind. */
export function findSocket<Kind extends AnySocket['kind']>(
  where: string,
  { sockets, warner }: Network,
  entity: EntityId,
  kind: Kind,
): Extract<AnySocket, { readonly kind: Kind }> | NetworkError {
  const socket = sockets.get(entity)
  if (socket?.kind === kind) return socket as Extract<AnySocket, { readonly kind: Kind }>
  return refuseTarget(where, warner, entity, socket?.kind, kind)
}
