import type { World } from 'bitecs'
import { throwCollected } from '../src/errors/collect.ts'
import { replicatorOf } from '../src/replicator/Replicator.ts'

/**
 * Sends what replication has to send. It runs last in the round: on a server as often as snapshots should go, on a client each
 * time.
 *
 * On a server it notes what the replicated entities hold, and sends each client that has joined what differs from what that
 * client has. A client whose connection stands still is left out: it gets the state of a later tick instead. On a client it
 * acknowledges what has come. What is sent leaves in one write, together with what handlers and other systems have sent since.
 *
 * @param tick the server's tick, above the one of the call before; by default the next number. Clients need no tick
 * @returns the world, for pipelines
 * @throws Error before `replicate`; RangeError for a tick that is not an integer above the last one; what the functions
 * `interest` and `priority` threw, and observers: the error itself, or an `AggregateError` of several
 */
export function ReplicationSystem<W extends World>(world: W, tick?: number): W {
  const replicator = replicatorOf('ReplicationSystem', world)
  const { host, serverHalf, clientHalf } = replicator
  const errors: unknown[] = []
  if (host !== undefined) serverHalf!.run(replicator, host, tick, errors)
  clientHalf?.run(replicator, errors)
  throwCollected(errors)
  return world
}
