import { type DisconnectReason } from '../constants/DisconnectReason.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type SocketType } from '../constants/SocketType.ts'

/**
 * Moves bytes between two ends and knows nothing of worlds or packets.
 *
 * `createServer` and `createSocket` take a transport wherever they take a {@link SocketType}.
 */
export interface Transport {
  readonly type: SocketType
  /** Begins to listen. Answers at once whether it can; with a `host` it may also tell so by events. */
  listen(options: ListenOptions, events: ListenerEvents): Listener | NetworkError
  /** Begins to connect. `events` hears of `opened` or `failed`, even before this returns. */
  connect(options: ConnectOptions, events: ConnectionEvents): Connection
}

export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** The address to bind. Without it: all addresses, IPv6 and IPv4. */
  readonly host?: string | undefined
}

export interface ConnectOptions {
  readonly host: string
  readonly port: number
  /** How long the caller will wait; a transport divides it among a name's addresses. */
  readonly timeoutMs: number
}

/** What a listener tells. */
export interface ListenerEvents {
  /** There is a new connection. Gives who hears of it. */
  accepted(connection: Connection): ConnectionEvents
  /** A listener whose `port` was 0 at first is bound. */
  listening(): void
  /** A listener whose `port` was 0 at first cannot listen. */
  failed(error: NetworkError): void
}

export interface Listener {
  /** The port that is bound; 0 while it is not yet known whether it can be. */
  readonly port: number
  /** Takes no more connections. Those that are there go on. */
  close(): void
}

/** One end of a connection. */
export interface Connection {
  /** The peer's numeric address, an IPv4 address never in IPv6 form. Empty before it is known. */
  readonly remoteIp: string
  readonly remotePort: number
  readonly localPort: number
  /** Bytes written that the operating system has not taken yet. */
  readonly pendingBytes: number
  /**
   * Sends bytes. They must not change until `pendingBytes` has been 0. Best called only while it is 0: then
   * what waits to leave is counted in one place.
   */
  write(bytes: Uint8Array): void
  /** Takes nothing more from the peer until `resume`, so that the peer has to wait. */
  pause(): void
  resume(): void
  /** Ends the connection after what was written has left. No event follows. */
  close(): void
  /** Ends the connection at once, dropping what has not left. No event follows. */
  reset(): void
}

/**
 * What a connection tells: `opened` once, then `received` and `drained`, then `ended` once; or `failed` alone. Nothing
 * follows `ended`, `failed`, or a call of `close` or `reset`. An accepted connection is open from the start.
 */
export interface ConnectionEvents {
  opened(connection: Connection): void
  failed(error: NetworkError): void
  /** The bytes are the receiver's from now on. */
  received(bytes: Uint8Array): void
  /** All that was written has left: `pendingBytes` is 0 again. */
  drained(): void
  ended(reason: DisconnectReason): void
}
