import { type EntityId, type World } from 'bitecs'
import { networkOf } from './Network.ts'
import { removeClients, removeSocketEntity } from './socketEntities.ts'

/**
 * Closes a socket or server and removes its entity: GameMaker's `network_destroy`. What was sent before
 * still leaves; reliable UDP repeats nothing any more. Nothing more is delivered for it, not even what has already arrived, and there is no event
 * on this side. Destroying a server closes its clients; destroying an accepted socket turns that client out.
 *
 * Does the same as `removeEntity(world, socket)`. An entity that is no socket (any more) is left alone.
 */
export function destroySocket(world: World, socket: EntityId): void {
  const network = networkOf('destroySocket', world)
  const found = network.sockets.get(socket)
  if (found === undefined) return
  if (found.kind === 'listener') {
    // First: removeEntity would look through all pairs of the server for each of its clients.
    removeClients(network, found)
    removeSocketEntity(network, socket, undefined)
  } else if (found.kind === 'datagrams') removeSocketEntity(network, socket, undefined)
  else removeSocketEntity(network, socket, found.server?.entity)
}

/**
 * Closes every socket of a world and removes their entities. The world can be used on. Call it before
 * `deleteWorld` or `resetWorld`: bitECS tells nobody of those, and the sockets would stay open until something
 * arrives for them.
 */
export function closeNetwork(world: World): void {
  const network = networkOf('closeNetwork', world)
  for (const entity of network.sockets.keys()) destroySocket(world, entity)
}
