// The client's half of `ReplicationSystem`.

import { removeEntity } from 'bitecs'
import { collect } from '../errors/collect.ts'
import { isLive } from '../entities/liveEntities.ts'
import { releaseReplica } from '../replication/Replicas.ts'
import { writeAck } from '../replication/messages.ts'
import { type Guest, timesKept } from './Guest.ts'
import { type Replicator } from './Replicator.ts'
import { isBehind, send } from './sendBytes.ts'

/** Acknowledgements that may wait in a connection that stands still. */
const waitingBytesMax = 256

/** Acknowledges what has come since the last time. */
export function acknowledgeSnapshots(replicator: Replicator, guest: Guest): void {
  const { socket, replicas, newestMs, sentMs } = guest
  if (!guest.owesAck || isBehind(socket, waitingBytesMax)) return
  const now = replicator.network.config.clock.now()
  const clientSequence = (guest.sequence + 1) & 0xffff
  const { newest: sequence, mask } = replicas.acks
  const heldMs = Math.max(Math.round(now - newestMs), 0)
  const ack = { clientSequence, sequence, mask, heldMs }
  if (!send(replicator, socket, (writer) => writeAck(writer, ack))) return
  guest.owesAck = false
  guest.sequence = clientSequence
  sentMs[clientSequence % timesKept] = now
}

/** Removes entities that have ended and have been shown long enough. */
export function removeLeft(
  { world, network }: Replicator,
  { timeline, replicas }: Guest,
  errors: unknown[],
): void {
  const now = network.config.clock.now()
  for (const [entity, { untilMs, index }] of timeline.leaving) {
    if (now < untilMs) continue
    timeline.leaving.delete(entity)
    releaseReplica(replicas, index)
    if (isLive(network, entity)) collect(errors, () => removeEntity(world, entity))
  }
}
