import { type BufferMemory } from '../buffer/BufferMemory.ts'
import { type DisconnectReason } from '../constants/DisconnectReason.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { isRunKind, type RunKind } from '../protocol/RunKind.ts'
import { type AsyncLoad, type EventSource } from './AsyncLoad.ts'
import { type EventSocket } from './EventSocket.ts'
import { type Receiver } from './Subscription.ts'

/** What has arrived for a socket and becomes events in a tick. It holds the socket itself, never its entity id. */
export type Arrival<S extends EventSocket = EventSocket> = DataArrival<S> | StateArrival<S>

interface ArrivalBase<S extends EventSocket> {
  readonly socket: S
  /** The peer that the events are about. */
  readonly source: EventSource
  /** Events of it that have not been dispatched. */
  count: number
  /** Its events, if a system has looked at them before their handlers run. */
  loads: AsyncLoad[] | undefined
  /** The next arrival of the same socket in the same tick. */
  next: Arrival | undefined
  /** Take its events in place of the socket's subscribers: see `Claim`. */
  claims: readonly Receiver[] | undefined
}

/** Messages back to back; or one run of raw bytes, one message, one datagram. */
export interface DataArrival<S extends EventSocket = EventSocket> extends ArrivalBase<S> {
  readonly kind: RunKind
  readonly memory: BufferMemory
  /** The first byte that has not been dispatched. */
  at: number
  readonly end: number
  /** 0 where messages have no type. */
  readonly messageType: MessageType | 0
}

/** A change of a connection, or the loss of a peer of reliable UDP. */
export interface StateArrival<S extends EventSocket = EventSocket> extends ArrivalBase<S> {
  readonly kind: 'connect' | 'nonBlockingConnect' | 'disconnect' | 'peerLost'
  readonly succeeded: 0 | 1
  /** Why the connection ended or the peer was lost. */
  readonly reason: DisconnectReason
}

export function createDataArrival(
  socket: EventSocket,
  source: EventSource,
  kind: DataArrival['kind'],
  memory: BufferMemory,
  at: number,
  end: number,
  count: number,
  messageType: MessageType | 0,
): DataArrival {
  return {
    socket,
    source,
    count,
    loads: undefined,
    next: undefined,
    claims: undefined,
    kind,
    memory,
    at,
    end,
    messageType,
  }
}

export function createStateArrival(
  socket: EventSocket,
  source: EventSource,
  kind: StateArrival['kind'],
  succeeded: 0 | 1,
  reason: DisconnectReason,
): StateArrival {
  return {
    socket,
    source,
    count: 1,
    loads: undefined,
    next: undefined,
    claims: undefined,
    kind,
    succeeded,
    reason,
  }
}

export function isData<S extends EventSocket>(arrival: Arrival<S>): arrival is DataArrival<S> {
  return isRunKind(arrival.kind)
}
