import type { EntityId } from 'bitecs'

/** Narrows subscriptions to one socket. `SubscribedTo` makes it when it is used, so who does not use it pays nothing. */
export interface Narrowing {
  /** Calls `change` for each entity of a world that is narrowed to the socket, now and when it changes. */
  watch(world: object, change: (entity: EntityId, isNarrowed: boolean) => void): void
  /** The sockets that an entity is narrowed to. */
  targetsOf(world: object, entity: EntityId): EntityId[]
  readonly target: EntityId
}

/** One for each entity id that subscriptions have been narrowed to in any world, in order. Only grows. */
export const narrowings: Narrowing[] = []
