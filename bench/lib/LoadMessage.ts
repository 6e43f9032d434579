// What the load generator tells its parent, and how it is told what to do.
import { type WireName } from './Wire.ts'

/** Given to the generator as JSON in its first argument. */
export interface LoadOrder {
  wire: WireName
  port: number
  clients: number
  inFlight: number
  seconds: number
  warmUpSeconds: number
}

/** The generator's steps; it keeps sending from `measured` until the parent says `stop`. */
export type LoadMessage =
  | { step: 'measuring' }
  | { step: 'measured'; seconds: number; messages: number; reads: number; cpuMicros: number }
  | { step: 'done'; messages: number }
  | { step: 'failed'; reason: string }
