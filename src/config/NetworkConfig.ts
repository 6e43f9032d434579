import { type Clock, realClock } from '../clock/Clock.ts'
import { type MalformedPolicy } from '../protocol/ByteStream.ts'

/** What happens to a message that a handler could not read. */
export type BadMessagePolicy = 'report' | 'disconnect' | 'throw'

/** The settings of one world's network. `setNetworkConfig` changes them. */
export interface NetworkConfig {
  /**
   * How long connecting and its handshake may take together. GameMaker's `network_config_connect_timeout`;
   * its manual advises about 1000 on a local network.
   */
  connectTimeoutMs: number
  /** How long a client may take from when its connection comes in until all its handshakes are done: TLS, HTTP, GameMaker. */
  handshakeTimeoutMs: number
  /**
   * Every `connectSocket` also reports by a non-blocking connect event. GameMaker's
   * `network_config_use_non_blocking_socket`.
   */
  nonBlocking: boolean
  /** Client sockets get a disconnect event too when their server goes. GameMaker sends them none. */
  clientDisconnectEvents: boolean
  /**
   * What happens to bytes on a packet connection that are not a packet: `discard` drops what has arrived and
   * warns, as GameMaker does; `raw` delivers it as one data event; `close` ends the connection.
   */
  malformed: MalformedPolicy
  /**
   * What happens when a handler lets out a `BadMessageError`: `report` counts the message in the socket's `badMessages` and
   * warns; `disconnect` also closes the connection, for the reason `malformed` (UDP has none to close); `throw` lets the
   * tick throw it, as it does every other error of a handler.
   */
  badMessages: BadMessagePolicy
  /** Largest message taken by a client socket, in bytes. A larger one ends the connection. */
  clientMessageBytesMax: number
  /** Largest message taken by an accepted socket, in bytes. A larger one ends the connection. */
  acceptedMessageBytesMax: number
  /** A client socket refuses sends while this many bytes wait to leave. */
  clientSendQueueBytesMax: number
  /** An accepted socket refuses sends while this many bytes wait to leave. */
  acceptedSendQueueBytesMax: number
  /** A connection that takes no byte for this long, while bytes wait to leave, is ended. */
  writeStallMs: number
  /** A socket is read no further while this many of its events wait for a tick. */
  queuedEventsMax: number
  /** A socket is read no further while this many bytes wait for a tick. At least the message limit it was made with is
   * used. */
  queuedBytesMax: number
  /** Events of one tick. What is more waits for the next. `Infinity` is allowed. */
  eventsPerTickMax: number
  /** Ends of connections in one tick. `Infinity` is allowed. */
  endsPerTickMax: number
  /** Events of one connection in one tick; of UDP, `datagramsPerSenderMax` of each sender. `Infinity` is allowed. */
  eventsPerSocketMax: number
  /**
   * WebSocket: a peer that has been silent for this long is asked for a sign of life (RFC 6455 section 5.5.2), in a tick.
   * Like every time limit it runs only while the event loop turns. `Infinity` for never.
   */
  pingIntervalMs: number
  /** WebSocket: a peer that leaves such a question unanswered for this long is disconnected. */
  pongTimeoutMs: number
  /**
   * WebSocket: the sub-protocol that clients offer and servers choose; empty for none. GameMaker's
   * `network_config_websocket_protocol`.
   */
  webSocketProtocol: string
  /** UDP: datagrams of one sender from one tick to the next. What is more is dropped and counted. */
  datagramsPerSenderMax: number
  /** UDP: senders that have a limit of their own. The one silent for longest is forgotten. */
  sendersMax: number
  /** UDP: bytes that may wait for a tick in one socket, each datagram counted as 128 more. */
  datagramQueueBytesMax: number
  /** Reliable UDP: largest message taken, in bytes. A sender of a larger one is disconnected. */
  reliableMessageBytesMax: number
  /** Sent as the fourth word of the client's handshake, a signed 32-bit number. */
  gameId: number
  /** Where time comes from. */
  clock: Clock
  /** Where random numbers come from: at least 0 and less than 1. */
  random: () => number
  /** Takes warnings, at most one a second for each kind. */
  warn: (message: string) => void
}

const mebibyte = 1024 * 1024

/** Sizes from GameMaker's manual (`network_config_message_size_limit`); docs/performance.md has the others. */
export function defaultConfig(): NetworkConfig {
  return {
    connectTimeoutMs: 4_000,
    handshakeTimeoutMs: 10_000,
    nonBlocking: false,
    clientDisconnectEvents: false,
    malformed: 'discard',
    badMessages: 'report',
    clientMessageBytesMax: 64 * mebibyte,
    acceptedMessageBytesMax: 4 * mebibyte,
    clientSendQueueBytesMax: 16 * mebibyte,
    acceptedSendQueueBytesMax: 4 * mebibyte,
    writeStallMs: 15_000,
    queuedEventsMax: 1_024,
    queuedBytesMax: mebibyte,
    eventsPerTickMax: 4_096,
    endsPerTickMax: 256,
    eventsPerSocketMax: 256,
    pingIntervalMs: 10_000,
    pongTimeoutMs: 10_000,
    webSocketProtocol: '',
    datagramsPerSenderMax: 64,
    sendersMax: 1_024,
    datagramQueueBytesMax: 16 * mebibyte,
    reliableMessageBytesMax: mebibyte,
    gameId: 0,
    clock: realClock,
    random: secureRandom,
    warn: (message) => console.warn(message),
  }
}

/** Sessions of reliable UDP must not be guessed. */
function secureRandom(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32
}
