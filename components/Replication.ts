import type { World } from 'bitecs'
import { perWorld } from '../src/entities/perWorld.ts'

/** What is known of the replication over each socket, indexed by entity, while it has `Joined`. Changing it has no effect. */
export interface ReplicationStore {
  /** The round trip in milliseconds, smoothed: from a snapshot to its acknowledgement, as the server measures it. */
  readonly rtt: number[]
  /** How much arrivals, on the server round trips, differ from one to the next: a mean in milliseconds. */
  readonly jitter: number[]
  /** The server tick of the newest snapshot: received on a client, sent on a server. */
  readonly tick: number[]
  readonly snapshotsIn: number[]
  readonly snapshotsOut: number[]
  /** Bytes of replication packets, without headers of packets. */
  readonly bytesIn: number[]
  readonly bytesOut: number[]
  /** Snapshots that did not arrive. On connections there is none. */
  readonly lost: number[]
  /** Packets that could not be read and were dropped whole. */
  readonly malformed: number[]
  /** On a server: visible entities whose turn has not come, because the snapshot was full. */
  readonly waiting: number[]
  /** Whether the newest snapshot has left nothing out that is visible. */
  readonly complete: boolean[]
}

/** Figures of the replication of a world's sockets: `Replication(world).rtt[socket]`. */
export const Replication: (world: World) => ReplicationStore = /* @__PURE__ */ perWorld(() => ({
  rtt: [],
  jitter: [],
  tick: [],
  snapshotsIn: [],
  snapshotsOut: [],
  bytesIn: [],
  bytesOut: [],
  lost: [],
  malformed: [],
  waiting: [],
  complete: [],
}))
