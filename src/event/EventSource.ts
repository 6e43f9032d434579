import type { EntityId } from 'bitecs'

/** The peer that an event is about, and its socket. */
export interface EventSource {
  readonly entity: EntityId
  readonly ip: string
  readonly port: number
  /** The server of an accepted socket; of a UDP server's socket itself. */
  readonly server: { readonly entity: EntityId } | undefined
}
