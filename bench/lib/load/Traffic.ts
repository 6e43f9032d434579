import { type Wire } from '../Wire.ts'
import { type LoadTotals } from './LoadMessage.ts'

/** Where the clients of a generator connect to. */
export interface TrafficTarget {
  readonly port: number
  /** The wire for messages with so many bytes of payload. */
  readonly wireOf: (payloadBytes: number) => Wire
  /** A wrong byte, or a connection that broke: the first reason ends the run. */
  readonly fail: (reason: string) => void
}

/** Counted from the start. */
export interface TrafficCount {
  readonly messages: number
  readonly reads: number
}

/** The clients of one generator. */
export interface Traffic {
  /** Resolves when all are connected. */
  open(): Promise<void>
  start(): void
  /** What happens while it is measured, for traffic that is not the same all the time. */
  begin?(): void
  /** What happens when that time is over, and the parent has not said stop yet. */
  finish?(): void
  count(): TrafficCount
  /** Milliseconds from message to reply since the last call, of clients that take the time. */
  takeLatencies(): readonly number[]
  /** Sends nothing more. */
  stop(): void
  readonly isDrained: boolean
  totals(): LoadTotals
}
