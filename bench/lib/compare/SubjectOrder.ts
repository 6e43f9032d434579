// What the parent asks of a process under test, and what it answers.

/** Sent as JSON. A server ticks from `begin` to `end`; a workload in process does its units at once. */
export type SubjectOrder =
  | { readonly step: 'begin' }
  | { readonly step: 'end' }
  | { readonly step: 'run'; readonly units: number }

/** The first message: it is ready. */
export interface SubjectReady {
  /** Of a server; 0 of others. */
  readonly port: number
}

/** The answer to `run` and `end`. */
export interface SubjectCost {
  /** User and system time of the process, of what is measured. */
  readonly cpuMicros: number
  /** The same with what is not measured, such as making the messages that arrive. */
  readonly allMicros: number
  /** Messages echoed, or connections that came and went, since `begin`; of servers only. */
  readonly messages: number
}
