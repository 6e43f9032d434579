import { createRelation, type Relation, withAutoRemoveSubject } from 'bitecs'

/**
 * From an accepted socket to its server: `query(world, [Socket, AcceptedBy(server)])` are the clients of a
 * server. Removing the server removes them.
 */
export const AcceptedBy: Relation<object> = /* @__PURE__ */ createRelation(withAutoRemoveSubject)
