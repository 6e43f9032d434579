import type { EntityId, World } from 'bitecs'
import { perWorld } from '../src/entities/perWorld.ts'

/**
 * What is known of each socket entity, indexed by entity. The values are valid while the entity has the
 * `Socket` component; reading them costs nothing and changing them has no effect on the network.
 */
export interface SocketStore {
  /** A `SocketType`. */
  readonly type: number[]
  /** A `SocketRole`: server, client or accepted. */
  readonly role: number[]
  /** Raw mode: no handshake, no packet headers. */
  readonly raw: boolean[]
  /** The server of an accepted socket, `undefined` for others. */
  readonly server: (EntityId | undefined)[]
  /** The peer's numeric address, in browsers the host of the URL; a server's own, empty when it listens on all; UDP: if connected. */
  readonly ip: string[]
  /** The peer's port; the listening port of a server, and of a UDP socket that never was connected. */
  readonly port: number[]
  /** The port on this side. */
  readonly localPort: number[]
  /** The fourth word of the client's handshake, a signed 32-bit number. GameMaker sends its game id. */
  readonly gameId: number[]
  /** Why the connection ended: a `DisconnectReason`. */
  readonly disconnectReason: number[]
  /** Why the last attempt to connect failed: a `NetworkError`, or 0. */
  readonly connectError: number[]
  /** Bytes and packets since the connection began. Raw mode counts each event and each send as a packet. */
  readonly bytesIn: number[]
  readonly bytesOut: number[]
  readonly packetsIn: number[]
  readonly packetsOut: number[]
  /** Bytes that were no packet, or of a packet that never became complete. */
  readonly discardedBytes: number[]
  /** UDP: datagrams that were sent but could not leave. */
  readonly undelivered: number[]
  /** UDP: datagrams that arrived but were dropped, because too much waited for a tick. */
  readonly dropped: number[]
  /** Messages that a handler could not read: see the setting `badMessages`. */
  readonly badMessages: number[]
  /** Servers: connections turned away because `maxClients` was reached. */
  readonly refused: number[]
  /** Servers: connections that ended, or were ended, before their handshake was done: also the oldest of too many. */
  readonly failedHandshakes: number[]
}

/** A server, a client socket, or the server's end of a client's connection. */
export const Socket: (world: World) => SocketStore = /* @__PURE__ */ perWorld(() => ({
  type: [],
  role: [],
  raw: [],
  server: [],
  ip: [],
  port: [],
  localPort: [],
  gameId: [],
  disconnectReason: [],
  connectError: [],
  bytesIn: [],
  bytesOut: [],
  packetsIn: [],
  packetsOut: [],
  discardedBytes: [],
  undelivered: [],
  dropped: [],
  badMessages: [],
  refused: [],
  failedHandshakes: [],
}))
