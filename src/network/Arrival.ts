import { type BufferMemory } from '../buffer/BufferMemory.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

/** What has arrived for a socket and waits for a tick. Holds the socket itself, never its entity id. */
export type Arrival = DataArrival | StateArrival

/** Whole packets back to back, each with its header, or one run of raw bytes. */
export interface DataArrival {
  readonly kind: 'packets' | 'raw'
  readonly socket: NetworkSocket
  readonly memory: BufferMemory
  /** The first byte not yet handled. */
  at: number
  readonly end: number
  /** Events not yet handled. */
  count: number
}

/** A change of the connection, which is one event or none. */
export interface StateArrival {
  readonly kind: 'connect' | 'connectResult' | 'disconnect'
  readonly socket: NetworkSocket
  /** 1 until it is handled. */
  count: number
}

export function isData(arrival: Arrival): arrival is DataArrival {
  return arrival.kind === 'packets' || arrival.kind === 'raw'
}
