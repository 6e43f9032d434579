import type { World } from 'bitecs'
import { type SocketType } from '../constants/SocketType.ts'

/** The end of a connection, or a UDP port, that something leaves from or arrives at. */
export interface DeliveryEnd {
  readonly world: World
  readonly type: SocketType
  readonly localPort: number
  readonly remotePort: number
  /** Whether it is the server's end of a connection; `undefined` over UDP. */
  readonly isAccepted: boolean | undefined
}

/** Counts what a network in memory carries. It is called in the middle of it, and changes nothing. */
export interface DeliveryObserver {
  /** A write, a message of a WebSocket or a datagram leaves, with so many packets of it lost on the way. */
  sent(from: DeliveryEnd, size: number, lostPackets: number): void
  /** It has arrived. */
  arrived(at: DeliveryEnd, size: number, sentMs: number): void
}
