import { type EntityId } from 'bitecs'
import { type Replicas } from '../replication/Replicas.ts'
import { type Schema } from '../replication/Schema.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { type DeclaredComponent } from './Declared.ts'
import { createRefTable, type RefTable } from './RefTable.ts'
import { createTimeline, type Timeline } from './Timeline.ts'

/** What a client world has of one server. It outlives a connection that was lost. */
export interface Guest {
  socket: ConnectionSocket
  readonly epoch: number
  readonly replicas: Replicas
  /** By index of the replica: its entity, `undefined` of one that was removed here. */
  readonly entities: (EntityId | undefined)[]
  readonly indices: Map<EntityId, number>
  readonly refs: RefTable
  readonly timeline: Timeline
  /** The number of its last acknowledgement, 0 before the first, and when the last of them were sent, by number. */
  sequence: number
  readonly sentMs: Float64Array
  /** The newest acknowledgement that the server has named. */
  answered: number
  /** Whether snapshots have come that were not acknowledged. */
  owesAck: boolean
  /** When the newest snapshot came. */
  newestMs: number
  /** Packets in a row that could not be read. */
  malformedInRow: number
}

/** So many packets are timed, the last ones. */
export const timesKept = 64

export function createGuest(
  socket: ConnectionSocket,
  epoch: number,
  replicas: Replicas,
  components: readonly DeclaredComponent[],
  tickUs: number,
): Guest {
  return {
    socket,
    epoch,
    replicas,
    entities: [],
    indices: new Map(),
    refs: createRefTable(),
    timeline: createTimeline(replicas, components, tickUs / 1_000),
    sequence: 0,
    sentMs: new Float64Array(timesKept),
    answered: 0,
    owesAck: false,
    newestMs: 0,
    malformedInRow: 0,
  }
}

/** The row of a snapshot, by the index of the replica. */
export interface ReplicaRow {
  readonly ints: Int32Array
  readonly texts: readonly string[]
  readonly schema: Schema
}
