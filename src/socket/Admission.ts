import type { EntityId } from 'bitecs'

/** What a connection asks of the listener that accepted it. */
export interface Admission<Accepted> {
  readonly entity: EntityId
  readonly isDestroyed: boolean
  /** A handshake is done. Returns whether there is a place for the connection. */
  admit(socket: Accepted): boolean
  /** A connection has ended, or its end was dispatched. */
  release(socket: Accepted): void
  countFailedHandshake(): void
  /** The tick has come to its connect event: makes its entity. */
  showAccepted(socket: Accepted): void
}
