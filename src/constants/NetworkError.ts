import { nameOf } from './nameOf.ts'

/**
 * Why a call could not be done now. Every code is negative, so `result < 0` is the test, as in GameMaker;
 * {@link networkErrorName} gives the name of a code.
 */
export const NetworkError = {
  /** No better name: the operating system refused for a reason of its own. */
  general: -1,
  /** The port is already taken, or this process may not use it; or the path of the HTTP server that servers share. */
  portUnavailable: -2,
  /** The socket is of the wrong kind for this, for example a server, which cannot send or connect. */
  wrongRole: -3,
  /** This socket type does not exist on this platform or cannot do this. */
  unsupported: -4,
  /** The entity is not a socket of this world, or no longer. */
  unknownSocket: -5,
  /** The socket is not connected (yet, or any more). */
  notConnected: -6,
  /** The socket is already connected or connecting. */
  alreadyConnected: -7,
  /** The send queue of the socket is full: the peer reads too slowly. Nothing was queued. */
  sendQueueFull: -8,
  /** The message is larger than the buffer it should come from, or than the protocol allows. */
  tooLarge: -9,
  /** The peer refused the connection: nothing listens there, or a WebSocket server is full (HTTP 503). */
  refused: -10,
  /** The time limit passed. */
  timedOut: -11,
  /** The host name has no address, or the name service did not answer. */
  hostNotFound: -12,
  /** The network or host cannot be reached. */
  unreachable: -13,
  /** What answered does not speak GameMaker's handshake. */
  handshakeFailed: -14,
  /** The connection ended before it was ready. */
  connectionClosed: -15,
  /** The process or the machine has no more sockets to give. */
  tooManySockets: -16,
  /** The server's certificate is not trusted: self-signed, expired, or for another name. */
  untrusted: -17,
  /** Replication: the two ends declare different components. */
  schemaMismatch: -18,
  /** Replication: the server does not replicate its world. */
  notReplicating: -19,
  /** Replication: the two ends speak different versions of its protocol. */
  versionMismatch: -20,
} as const

export type NetworkError = (typeof NetworkError)[keyof typeof NetworkError]

/** The name of a {@link NetworkError} code, or `undefined` for another number. */
export function networkErrorName(code: number): keyof typeof NetworkError | undefined {
  return nameOf(NetworkError, code)
}
