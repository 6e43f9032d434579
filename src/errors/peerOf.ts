import { errorsOf } from './collect.ts'
import { isError } from './isError.ts'
import { isObject } from './isObject.ts'

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
 * `AggregateError`, has them in `errors`. One error that is thrown for several peers names the first; for each other one there
 * is an error of the same name and message, whose `cause` it is.
 */
export function peerOf(error: unknown): ErrorPeer | undefined {
  return isObject(error) ? (error as { readonly peer?: ErrorPeer }).peer : undefined
}

/**
 * Notes the peer in an error that a handler has thrown, if the error can take it. One that has a property `peer` already, such
 * as an error that is thrown for many peers, keeps it.
 *
 * @returns the error; or one of its own for this peer, whose `cause` it is
 */
export function withPeer(
  error: unknown,
  { entity, ip, port }: { entity: number; ip: string; port: number },
): unknown {
  if (!isError(error)) return error
  const value: ErrorPeer = { socket: entity, ip, port }
  if (!Object.hasOwn(error, 'peer'))
    return Object.isExtensible(error) ? notePeer(error, value) : error
  const peer = peerOf(error)
  if (peer?.socket === entity && peer.ip === ip && peer.port === port) return error
  const { name, message } = error
  return notePeer(Object.assign(new Error(message, { cause: error }), { name }), value)
}

/** As {@link withPeer}, and in each error of an `AggregateError`, which is another then if one of them is. */
export function withPeers(error: unknown, peer: Parameters<typeof withPeer>[1]): unknown {
  const all = errorsOf(error)
  const noted = all.map((each) => withPeer(each, peer))
  if (noted.every((each, index) => each === all[index])) return error
  if (noted.length === 1) return noted[0]
  return new AggregateError(noted, (error as Error).message, { cause: error })
}

function notePeer(error: Error, value: ErrorPeer): Error {
  return Object.defineProperty(error, 'peer', { value, configurable: true })
}
