import { type Clock } from '../clock/Clock.ts'
import { type DatagramTransport } from '../transport/DatagramTransport.ts'
import { type Transport } from '../transport/Transport.ts'
import { type ConditionsChoice } from './MemoryNetwork.ts'

/** A direction of a line, seen from the sockets of the transport: what they send, or what they receive. */
export type LineWay = 'out' | 'in'

/** Conditions of both directions, or of one or each of them. */
export type LineChoice = ConditionsChoice | { readonly [Way in LineWay]?: ConditionsChoice }

/** What the line of a conditioned transport takes its time and chance from. */
export interface ConditionedTransportOptions {
  /** Default: real time. */
  readonly clock?: Clock
  /** Random numbers, at least 0 and less than 1. Default: unpredictable ones. */
  readonly random?: () => number
}

/** What a transport has that carries its sockets as if over a bad line. */
export interface ConditionedLine {
  /**
   * Changes the conditions of its sockets, also of those that are connected. A preset replaces all of them, others only what
   * they name. What is on its way arrives as it would have.
   *
   * @throws TypeError or RangeError for conditions that there are not; then nothing changes
   */
  setConditions(conditions: LineChoice): void
  /** Nothing passes any more, in one direction or both. Connections wait, for a while; datagrams are lost. */
  cut(way?: LineWay): void
  /** What was cut passes again. */
  heal(way?: LineWay): void
  /** Packets lost so far, those of connections too, which are sent again. */
  readonly lostPackets: number
}

/** A transport whose sockets have a bad line. `createServer` and `createSocket` take it in place of a type. */
export type ConditionedTransport = (Transport | DatagramTransport) & ConditionedLine
