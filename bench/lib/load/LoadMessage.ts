// What the load generator tells its parent, and how it is told what to do.
import { type WireName } from '../Wire.ts'

/** What its clients do. */
export type LoadWork =
  /** Each sends so many messages of 32 bytes, awaits them all back, and goes on. */
  | { readonly kind: 'echo'; readonly clients: number; readonly inFlight: number }
  /** Each checks the messages that a tick of the server sends, and then sends so many inputs of 16 bytes. */
  | {
      readonly kind: 'ticks'
      readonly clients: number
      readonly inputs: number
      readonly messages: number
      readonly messageBytes: number
    }
  /** `probes` clients take the time of one message now and then; `flooders` send as fast as the socket takes it. */
  | {
      readonly kind: 'probes'
      readonly probes: number
      readonly flooders: number
      readonly inFlight: number
    }
  /** They answer pings; with `leaves` all go at once, with `awaitsPings` each must get one. */
  | {
      readonly kind: 'idle'
      readonly clients: number
      readonly leaves?: true
      readonly awaitsPings?: true
    }
  /** Side by side, clients connect, finish the handshake, and leave, over and over. */
  | { readonly kind: 'churn'; readonly clients: number }

/** Given to the generator as JSON in its first argument. */
export interface LoadOrder {
  readonly wire: WireName
  readonly port: number
  readonly work: LoadWork
  readonly seconds: number
  readonly warmUpSeconds: number
}

/** What the clients did while they were measured. */
export interface LoadFigures {
  /** When it began and ended, as `epochMs` has it. */
  readonly fromMs: number
  readonly toMs: number
  readonly seconds: number
  readonly cpuMicros: number
  /** Replies, messages of ticks, or connections that were made and ended. */
  readonly messages: number
  readonly reads: number
  /** Of the probes; NaN, as null, without. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

/** All that the server must have counted of one generator. */
export interface LoadTotals {
  readonly messages: number
  readonly sum: number
  readonly ended: number
}

/** The generator's steps; from `measured` it keeps sending until the parent says `stop`, but for a flood. */
export type LoadMessage =
  | { readonly step: 'measuring' }
  | ({ readonly step: 'measured' } & LoadFigures)
  | ({ readonly step: 'done' } & LoadTotals)
  | { readonly step: 'failed'; readonly reason: string }
