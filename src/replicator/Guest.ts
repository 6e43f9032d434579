import { type EntityId } from 'bitecs'
import { type Replicas } from '../replication/Replicas.ts'
import { type Schema } from '../replication/Schema.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { createRefTable, type RefTable } from './RefTable.ts'

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
  tickUs: number,
): Guest {
  return {
    socket,
    epoch,
    replicas,
    entities: [],
    indices: new Map(),
    refs: createRefTable(),
    timeline: { tickMs: tickUs / 1_000, samples: [], coming: new Map(), leaving: new Map() },
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

/** An entity that has ended is shown no longer than this. */
export const leavingMs = 500

/** What interpolation goes by: the one place where the applied snapshots are noted for it. */
interface Timeline {
  /** Milliseconds a tick. */
  readonly tickMs: number
  /** Snapshots that were applied since `InterpolationSystem` ran, oldest first: it takes them. */
  readonly samples: Sample[]
  /** Replicas with an `interpolate` component that wait for `Shown`, and the tick of their spawn. */
  readonly coming: Map<EntityId, number>
  /** Entities that have ended on the server but are still shown. */
  readonly leaving: Map<EntityId, Leaving>
}

/** A snapshot: its values are in the row of its tick in `replicas.history`. */
interface Sample {
  readonly tick: number
  readonly arrivalMs: number
}

interface Leaving {
  /** The replica that it was. */
  readonly index: number
  /** It is not there from this tick on. */
  readonly tick: number
  /** When it goes in any case. */
  readonly untilMs: number
}
