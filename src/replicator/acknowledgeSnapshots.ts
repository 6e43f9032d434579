// The client's half of `ReplicationSystem`.

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
