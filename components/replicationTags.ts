// Tags of replication, for queries: `query(world, [Ship, Shown])`.

import { type Tag } from './stateTags.ts'

/** On the server: the entity is replicated. Removing the tag removes the replicas. Prefabs are not replicated. */
export const Replicated: Tag = {}

/**
 * On the client: the entity is a replica. Its components and their values are the server's. Removing such an entity here is
 * allowed; it comes back when the server spawns it the next time.
 */
export const Remote: Tag = {}

/**
 * On the client: the replica is to be drawn now. One with an `interpolate` component gets it when the shown tick reaches its
 * spawn; any other at once.
 */
export const Shown: Tag = {}

/** A socket that replicates: on the server an accepted one whose client has joined, on the client one that has joined. */
export const Joined: Tag = {}
