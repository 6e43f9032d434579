// What the parent asks of a server process, and what it is told.

/** What a server does, beside taking messages. */
export interface ServerWork {
  /** Every message goes back to its sender; otherwise it is counted. */
  readonly echoes: boolean
  /** Ticks a second; 0 for a tick in every turn of the event loop, and none where a server does not need them. */
  readonly hz: number
  /** Bytes of a message that every tick sends to all clients; 0 for none. */
  readonly stateBytes: number
  /** Messages of 32 bytes that every tick sends to each client. */
  readonly talks: number
  /** Time that every tick computes, as a game does. */
  readonly burnMs: number
  /** WebSocket peers are pinged about this often; 0 for never. */
  readonly pingMs: number
}

/** Given to the server as JSON in its first argument. */
export interface ServerOrder extends ServerWork {
  readonly server: string
  /** The address of the module that starts it, if it is not part of the build. */
  readonly module?: string
}

/** What a server has done since it began. */
export interface Usage {
  /** User and system time of the process. */
  readonly cpuMicros: number
  readonly messages: number
  readonly sum: number
  readonly ended: number
  readonly ticks: number
}

/** Ticks in some time. */
export interface TickFigures {
  /** Begun in a second. */
  readonly hz: number
  /** How late they began: the worst of the best 99 %. */
  readonly lateP99Ms: number
  /** The longest time from the beginning of one to that of the next. */
  readonly gapMaxMs: number
}

/** Memory in use after a garbage collection. */
export interface MemoryUse {
  readonly rss: number
  readonly heap: number
}

/** What a parent may say; the answers are `Usage`, `MemoryUse` and, of the ticks between two times, `TickFigures`. */
export type ServerQuestion = 'usage' | 'memory' | `ticks ${number} ${number}`
