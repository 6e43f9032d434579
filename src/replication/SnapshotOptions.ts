/** How a snapshot is to be made. */
export interface SnapshotOptions {
  /** Seconds since the last one to this client, for priorities. */
  readonly seconds: number
  /** The newest sequence of the client's acknowledgements, and the ms since it came; 0 and 0 before the first. */
  readonly clientSequence: number
  readonly heldMs: number
  /** Datagrams: after so many ticks what was not acknowledged goes out again (1.5 RTT). */
  readonly resendTicks: number
  /** The priority of an entity per second waited, 0 or more; 1 without it. Called only if the budget does not hold all. */
  readonly priorityOf?: ((slot: number) => number) | undefined
}
