import { type Fault } from './Fault.ts'

/** How long messages took from where they were sent to the tick that handled them, in milliseconds of the simulation. */
export interface LatencyFigures {
  /** How many there were: writes of connections, messages of WebSockets, datagrams. */
  readonly count: number
  /** Half of them took no longer; as all percentiles, up to 6 % more than exact. */
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** What a network has carried. */
export interface TrafficFigures {
  /** Networking events. */
  readonly events: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Packets lost on the way; those of connections were sent again. */
  readonly lostPackets: number
  readonly latency: LatencyFigures
}

/** The sockets of a game that are of one type and of one server's port, connections made again included. */
export interface SocketReport extends TrafficFigures {
  /** `'server'`, `'client 3'`. */
  readonly game: string
  /** `'tcp'`, `'udp'`, `'ws'`, `'wss'`; `'others'` for those beyond 16 of a game. */
  readonly type: string
  readonly port: number
  /** UDP: datagrams that could not leave. */
  readonly undelivered: number
  /** UDP: datagrams that were dropped because too much waited for a tick. */
  readonly dropped: number
}

/** Some ticks one after the other. */
export interface SpanReport extends TrafficFigures {
  /** When the first of them was, and the end of the last. */
  readonly fromMs: number
  readonly toMs: number
}

/** What a run was like. It follows from the seed: two runs of one seed have equal reports. */
export interface SimulationReport extends TrafficFigures {
  readonly seed: number
  readonly hz: number
  /** Ticks that were run. */
  readonly ticks: number
  readonly simulatedMs: number
  readonly clients: number
  /** Of every event: tick, game, type, socket, peer's port, size and, unless that was left out, its bytes. 16 hex digits. */
  readonly hash: string
  readonly sockets: readonly SocketReport[]
  /** At most 240, each of as many ticks as the others but the last. */
  readonly spans: readonly SpanReport[]
  readonly faults: readonly Fault[]
  /** Why the run failed. */
  readonly failure: SimulationFailure | undefined
}

/** Why a run failed. */
export interface SimulationFailure {
  readonly tick: number
  readonly atMs: number
  /** An invariant does not hold, or the code of a game or of the run's options has thrown. */
  readonly kind: 'invariant' | 'error'
  /** The name of the invariant, or of the error. */
  readonly name: string
  readonly message: string
  /** What was thrown. */
  readonly cause: unknown
}

/** What ticks cost in some ticks one after the other, in milliseconds of real time a tick. */
export interface CostSpan {
  readonly fromMs: number
  readonly networkMs: number
  readonly serverMs: number
  readonly clientsMs: number
}

/** What a run cost: measured with `wallClock`, and so another each time. */
export interface SimulationCost {
  /** Real time of the whole run. */
  readonly wallMs: number
  /** Milliseconds of the simulation in a millisecond of real time. */
  readonly speed: number
  /** A tick of the server. */
  readonly serverTick: LatencyFigures
  /** A tick of all: the network, the server, all clients. */
  readonly wholeTick: LatencyFigures
  readonly spans: readonly CostSpan[]
}
