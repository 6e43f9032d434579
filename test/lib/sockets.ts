import { type EntityId, hasComponent, query, type World } from 'bitecs'
import {
  AcceptedBy,
  Connected,
  Connecting,
  Disconnected,
  Listening,
  Socket,
} from 'bitecs-networking'

/** The components of which a socket has one at most. */
export const stateTags: Readonly<Record<string, object>> = {
  Listening,
  Connecting,
  Connected,
  Disconnected,
}

/** The names of the state tags of an entity. */
export function statesOf(world: World, entity: EntityId): string[] {
  return Object.entries(stateTags)
    .filter(([, tag]) => hasComponent(world, entity, tag))
    .map(([name]) => name)
}

export function portOf(world: World, server: EntityId): number {
  return Socket(world).port[server]!
}

/** The clients that a server has. */
export function clientsOf(world: World, server: EntityId): EntityId[] {
  return [...query(world, [Socket, AcceptedBy(server)])]
}

/** Entities in order of their ids. */
export function sorted(entities: Iterable<EntityId>): EntityId[] {
  return [...entities].sort((a, b) => a - b)
}
