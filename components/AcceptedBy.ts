import type { EntityId } from 'bitecs'
import { wrongType } from '../src/errors/argumentErrors.ts'

const components = new Map<EntityId, object>()

/**
 * The component of a server's accepted sockets: `query(world, [Socket, AcceptedBy(server)])` are the clients of a
 * server. Removing the server removes them. The server of a client is `Socket(world).server[client]`.
 *
 * It is a plain component per server and not a bitECS relation, so `Wildcard` and `getRelationTargets` do not know it.
 *
 * @throws TypeError unless `server` is an entity
 */
export function AcceptedBy(server: EntityId): object {
  let component = components.get(server)
  if (component === undefined) {
    if (typeof server !== 'number') throw wrongType('AcceptedBy', 'server', 'an entity', server)
    component = {}
    components.set(server, component)
  }
  return component
}
