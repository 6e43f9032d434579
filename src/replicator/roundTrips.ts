import { type EntityId } from 'bitecs'
import { type ReplicationStore } from '../../components/Replication.ts'

/** Notes how long something took to the other end and back: a mean, and the mean of its changes (RFC 3550, section 6.4.1). */
export function noteRoundTrip(store: ReplicationStore, entity: EntityId, ms: number): void {
  const known = store.rtt[entity]!
  const taken = Math.max(ms, 0)
  if (known === 0) store.rtt[entity] = taken
  else {
    store.rtt[entity] = known + (taken - known) / 8
    store.jitter[entity]! += (Math.abs(taken - known) - store.jitter[entity]!) / 16
  }
}
