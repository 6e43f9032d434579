import type { EntityId } from 'bitecs'
import { wrongType } from '../src/errors/argumentErrors.ts'

const components = new Map<EntityId, object>()

/**
 * The component of what a client owns: `query(world, [Ship, OwnedBy(socket)])` are the ships of a client on the server, where
 * `socket` is the accepted one, and one's own on the client, where it is the one that has joined. An entity has one owner at a
 * time. What a client owns is always replicated to it, and first.
 *
 * It is a plain component per socket and not a bitECS relation, so `Wildcard` and `getRelationTargets` do not know it.
 *
 * @throws TypeError unless `socket` is an entity
 */
export function OwnedBy(socket: EntityId): object {
  let component = components.get(socket)
  if (component === undefined) {
    if (typeof socket !== 'number') throw wrongType('OwnedBy', 'socket', 'an entity', socket)
    component = {}
    components.set(socket, component)
  }
  return component
}
