import { isError } from './isError.ts'

/** The peer that an event was about when a handler threw. */
export interface ErrorPeer {
  /** The socket's entity: a client socket's, an accepted socket's, or of UDP the UDP socket's. */
  readonly socket: number
  readonly ip: string
  readonly port: number
}

/**
 * The peer that a handler was given an event of when it threw this error, for a game that disconnects it; `undefined` for
 * other errors. It stands in the error's property `peer`. What `NetworkSystem` throws for several errors, an
 * `AggregateError`, has them in `errors`.
 */
export function peerOf(error: unknown): ErrorPeer | undefined {
  return typeof error === 'object' && error !== null
    ? (error as { readonly peer?: ErrorPeer }).peer
    : undefined
}

/** Notes the peer in an error that a handler has thrown, if the error can take it. */
export function setPeer(error: unknown, peer: { entity: number; ip: string; port: number }): void {
  if (!isError(error) || !Object.isExtensible(error)) return
  const value: ErrorPeer = { socket: peer.entity, ip: peer.ip, port: peer.port }
  Object.defineProperty(error, 'peer', { value, configurable: true })
}
