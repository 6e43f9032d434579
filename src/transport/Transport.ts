import { type DisconnectReason } from '../constants/DisconnectReason.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type SocketType } from '../constants/SocketType.ts'

/** What a transport promises. The suite of `bitecs-networking/testing` holds it to that. */
export interface TransportCapabilities {
  /** What is sent first arrives first. */
  readonly ordered: boolean
  /** Everything arrives, exactly once, as long as the peer is there. */
  readonly reliable: boolean
  /** `message`: what is sent at once arrives at once. `stream`: only the order of the bytes is kept. */
  readonly boundaries: 'stream' | 'message'
  /** Whether there are connections, and so events of their beginning and end. */
  readonly connections: boolean
  /** Largest message that it can carry, in bytes; `Infinity` if it sets no limit. */
  readonly messageBytesMax: number
  /** Whether `connect` can bind a `localPort`. Without it: it cannot. */
  readonly localPort?: boolean | undefined
}

/**
 * Moves bytes between two ends of a connection and knows nothing of worlds or packets.
 *
 * `createServer` and `createSocket` take a transport wherever they take a {@link SocketType}.
 */
export interface Transport {
  readonly type: SocketType
  readonly capabilities: TransportCapabilities
  /** Begins to listen. Answers at once whether it can; with a `host` it may also tell so by events. */
  listen(options: ListenOptions, events: ListenerEvents): Listener | NetworkError
  /** Begins to connect. `events` hears of `opened` or `failed`, even before this returns. */
  connect(options: TransportConnectOptions, events: ConnectionEvents): Connection
}

/** How a transport listens. */
export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** The address to bind. Without it: all addresses, IPv6 and IPv4. */
  readonly host?: string | undefined
  /** Message transports: larger messages end their connection, before memory is taken for them. */
  readonly messageBytesMax: number
  /**
   * How long a connection may take, from when it comes in until it can be emitted, for example for TLS and HTTP. What is left of
   * it is for GameMaker's handshake.
   */
  readonly handshakeTimeoutMs: number
  /** The certificate of a secure server. */
  readonly certificate?: Certificate | undefined
  readonly webSocket?: WebSocketListenOptions | undefined
}

/** A server's certificate chain and its private key, in PEM. */
export interface Certificate {
  readonly cert: string | Uint8Array
  readonly key: string | Uint8Array
}

/** What only WebSocket servers know. */
export interface WebSocketListenOptions {
  /**
   * An HTTP or HTTPS server of `node:http` or `node:https` to share, instead of listening on a port. It is
   * listened on, and closed, by its owner.
   */
  readonly http?: HttpServer | undefined
  /**
   * The path that clients must ask for, for example `/game`, as a request has it. Default: any; on a shared server any that no
   * other listener has.
   */
  readonly path?: string | undefined
  /** Pages may connect from these origins only, for example `https://example.org`, as browsers send them. Default: from all. */
  readonly origins?: readonly string[] | undefined
  /** The sub-protocol to choose when a client offers it. Default: the first that it offers. */
  readonly protocol?: string | undefined
}

/** What is needed of `http.Server` and `https.Server`. */
export interface HttpServer {
  on(event: string, listener: () => void): unknown
  off(event: string, listener: () => void): unknown
  address(): unknown
  readonly listening: boolean
}

/** Where and how a transport connects. */
export interface TransportConnectOptions {
  /** A name or a numeric address; WebSocket also takes a URL. */
  readonly host: string
  /** WebSocket: 0 for the port of the URL. */
  readonly port: number
  /** With the capability `localPort`: the port to bind on this side; 0 or none takes any. One that is taken is `portUnavailable`. */
  readonly localPort?: number
  /** How long the caller will wait; a transport divides it among a name's addresses. */
  readonly timeoutMs: number
  /** Message transports: larger messages end the connection, before memory is taken for them. */
  readonly messageBytesMax: number
  /** WebSocket: the sub-protocol to offer; empty for none. */
  readonly protocol: string
  /** Certificates in PEM to trust besides those of the platform. */
  readonly ca?: string | Uint8Array | undefined
  /** Takes what whoever runs the client should know, such as why the transport ends the connection. */
  readonly warned?: ((message: string) => void) | undefined
}

/** What a listener tells. */
export interface ListenerEvents {
  /**
   * Asked before a connection is made of a request, so that its client can be told: returns whether there is no place for one
   * more, which counts it as turned away. `accepted` closes those that come all the same.
   */
  refuses?(): boolean
  /** There is a new connection. Gives who hears of it. */
  accepted(connection: Connection): ConnectionEvents
  /** A listener whose `port` was 0 at first is bound. */
  listening(): void
  /** A listener whose `port` was 0 at first cannot listen. */
  failed(error: NetworkError): void
  /**
   * Something that whoever runs the server should know.
   *
   * @param kind one of few, for warnings that any peer can cause: of each kind one a minute is shown
   */
  warned(message: string, kind?: string): void
  /** A connection was turned away, or ended, before it could be told of. */
  rejected(): void
}

/** What takes connections, as `listen` of a transport returns it. */
export interface Listener {
  /** The port that is bound; 0 while it is not yet known whether it can be. */
  readonly port: number
  /** Takes no more connections. Those that are there go on. */
  close(): void
}

/** Why this side ends a connection, for transports that tell the peer. */
export type CloseCause = 'done' | 'goingAway' | 'full'

/** One end of a connection. */
export interface Connection {
  /** The peer's numeric address, an IPv4 address never in IPv6 form. Empty before it is known. */
  readonly remoteIp: string
  readonly remotePort: number
  readonly localPort: number
  /** Bytes written that the operating system has not taken yet. */
  readonly pendingBytes: number
  /** Of an accepted connection: how much of `handshakeTimeoutMs` it has used before it was emitted. */
  readonly handshakeMs?: number
  /**
   * Whether the peer has begun to end the connection, so that nothing that is written reaches it: `ended` follows soon. Only
   * where a transport may know that before it emits `ended`.
   */
  isClosing?(): boolean
  /** With `ping`: bytes that have come so far, so that a peer that sends a large message does not seem silent. */
  readonly bytesRead?: number
  /** Message transports: how each message that is written must be framed. Without it `write` gets their limits. */
  readonly framing?: MessageFraming | undefined
  /**
   * Sends bytes. They must not change until `pendingBytes` has been 0. Best called only while it is 0: then
   * what waits to leave is counted in one place.
   *
   * @param bytes with `framing`: whole messages, each framed, back to back
   * @param messages message transports without `framing`: the limits of the messages in `bytes`, valid only during the call
   */
  write(bytes: Uint8Array, messages?: MessageLimits): void
  /** Takes nothing more from the peer until `resume`, so that the peer has to wait. Some may still arrive. */
  pause(): void
  resume(): void
  /** Asks the peer for a sign of life: `alive` follows. Only where the transport can. */
  ping?(): void
  /** Ends the connection after what was written has left. No event follows. */
  close(cause?: CloseCause): void
  /**
   * Ends the connection at once, dropping what has not left. No event follows.
   *
   * @param advice for the peer's developer, where a transport can send it: ASCII, at most 123 characters
   */
  reset(reason?: DisconnectReason, advice?: string): void
}

/** How a connection frames its messages, so that they can be framed where they are queued. */
export interface MessageFraming {
  /** Bytes that a message of `size` bytes takes with its frames. */
  framedBytes(size: number): number
  /** Frames a message in place: its `size` bytes stand at the end of the `framedBytes(size)` bytes from `at` on. */
  frame(bytes: Uint8Array, at: number, size: number, type: MessageType): void
  /** Whether the same message always becomes the same bytes, so that connections with the same framing may share them. */
  readonly isRepeatable?: boolean
}

/** Messages that stand back to back. */
export interface MessageLimits {
  /** Where each message ends. The first begins at 0, each other where the one before it ends. */
  readonly ends: readonly number[]
  /** What each message is. */
  readonly types: readonly MessageType[]
}

/**
 * What a connection tells: `opened` once, then `received`, `drained` and `alive`, then `ended` once; or `failed` alone.
 * Nothing follows `ended`, `failed`, or a call of `close` or `reset`. An accepted connection is open from the start.
 */
export interface ConnectionEvents {
  opened(connection: Connection): void
  failed(error: NetworkError): void
  /**
   * The bytes are the receiver's from now on.
   *
   * @param type message transports: what the message is, which is all of `bytes`
   */
  received(bytes: Uint8Array, type?: MessageType): void
  /**
   * WebSocket: `count` whole binary messages below 64 KiB, each in one frame of RFC 6455, stand back to back in `bytes` with the
   * headers of their frames; the payload is unmasked. The bytes are the receiver's from now on.
   *
   * @param view covers exactly `bytes`
   * @returns whether it has taken them; if not, each follows by `received`
   */
  receivedFrames?(bytes: Uint8Array, view: DataView, count: number): boolean
  /** All that was written has left: `pendingBytes` is 0 again. */
  drained(): void
  /** The peer has answered a `ping`. */
  alive(): void
  ended(reason: DisconnectReason): void
}
