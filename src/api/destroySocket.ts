import type { EntityId, World } from 'bitecs'
import { networkOf } from '../network/networkOf.ts'
import { removeSocket } from '../network/socketEntities.ts'

/**
 * Closes a socket or server and removes its entity: GameMaker's `network_destroy`. What was sent before still leaves,
 * unless the socket has `avoidTimeWait`; reliable UDP repeats nothing any more. Nothing more is delivered for it, not even
 * what has already arrived, and there is no event on this side. Destroying a server closes its clients; destroying an
 * accepted socket turns that client out.
 *
 * Does the same as `removeEntity(world, socket)`. An entity that is not a socket is left alone.
 */
export function destroySocket(world: World, socket: EntityId): void {
  const network = networkOf('destroySocket', world)
  const found = network.sockets.get(socket)
  if (found !== undefined) removeSocket(network, found)
}
