import { type EventSource } from '../../components/AsyncLoad.ts'
import { type BufferMemory } from '../buffer/BufferMemory.ts'
import { type DisconnectReason } from '../constants/DisconnectReason.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { type DatagramSocket } from './DatagramSocket.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

/** What has arrived for a socket and waits for a tick. Holds the socket itself, never its entity id. */
export type Arrival = DataArrival | StateArrival | LossArrival

/** A socket that things arrive for. */
export type ArrivalSocket = NetworkSocket | DatagramSocket

/** Whole packets back to back, each with its header; or one run of raw bytes, one message, one datagram. */
export interface DataArrival {
  readonly kind: 'packets' | 'raw'
  readonly socket: ArrivalSocket
  /** Who sent it. */
  readonly source: EventSource
  readonly memory: BufferMemory
  /** The first byte not yet handled. */
  at: number
  readonly end: number
  /** Events not yet handled. */
  count: number
  /** 0 where messages have no type. */
  readonly messageType: MessageType | 0
}

/** A change of the connection, which is one event or none. */
export interface StateArrival {
  readonly kind: 'connect' | 'connectResult' | 'disconnect'
  readonly socket: NetworkSocket
  /** 1 until it is handled. */
  count: number
}

/** A peer of reliable UDP does not answer any more. */
export interface LossArrival {
  readonly kind: 'peerLost'
  readonly socket: DatagramSocket
  readonly source: EventSource
  readonly reason: DisconnectReason
  /** 1 until it is handled. */
  count: number
}

export function isData(arrival: Arrival): arrival is DataArrival {
  return arrival.kind === 'packets' || arrival.kind === 'raw'
}
