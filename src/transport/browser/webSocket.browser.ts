// WebSocket clients in browsers.

import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { MessageType } from '../../constants/MessageType.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { SocketType } from '../../constants/SocketType.ts'
import { FailedConnection } from '../FailedConnection.ts'
import {
  type Connection,
  type ConnectionEvents,
  type MessageLimits,
  type Transport,
  type TransportConnectOptions,
} from '../Transport.ts'
import { webSocketUrl } from '../webSocketUrl.ts'

/** How often a page looks whether what it has sent has left: nothing tells it. */
const pollMs = 4

/** The codes that a page may send in a close frame are 1000 and 3000 to 4999. */
const closeCodes = { done: 1000, reset: 4000, malformed: 4002, tooLarge: 4009 }

/** What is used of a page's events: each has what its type has. */
interface PageEvent {
  readonly data: unknown
  readonly code: number
  readonly wasClean: boolean
}

/** What is used of a page's `WebSocket`. */
interface PageSocket {
  binaryType: string
  readonly bufferedAmount: number
  send(data: string | Uint8Array): void
  close(code: number): void
  addEventListener(
    type: 'open' | 'message' | 'close' | 'error',
    listener: (event: PageEvent) => void,
  ): void
}

type PageSocketClass = new (url: string, protocols: string[]) => PageSocket

/** WebSocket in a page. A page cannot listen, cannot ping, and does not learn its own port. */
export const ws: Transport = createWebSocketTransport(SocketType.ws)

/** WebSocket over TLS in a page. */
export const wss: Transport = createWebSocketTransport(SocketType.wss)

function createWebSocketTransport(type: SocketType): Transport {
  return {
    type,
    capabilities: {
      ordered: true,
      reliable: true,
      boundaries: 'message',
      connections: true,
      messageBytesMax: Infinity,
    },
    listen: () => NetworkError.unsupported,
    connect: (options, events) => connect(type, options, events),
  }
}

function connect(
  type: SocketType,
  { host, port, protocol, messageBytesMax }: TransportConnectOptions,
  events: ConnectionEvents,
): Connection {
  const target = webSocketUrl(type, host, port)
  if (target === undefined) return new FailedConnection(events, NetworkError.hostNotFound)
  const { WebSocket } = globalThis as { WebSocket?: PageSocketClass }
  if (WebSocket === undefined) return new FailedConnection(events, NetworkError.unsupported)
  try {
    const socket = new WebSocket(target.url, protocol === '' ? [] : [protocol])
    return new PageConnection(socket, target.host, target.port, messageBytesMax, events)
  } catch {
    // Most likely a page that came over https and must not use a connection without TLS.
    return new FailedConnection(events, NetworkError.unsupported)
  }
}

interface Message {
  readonly bytes: Uint8Array
  readonly type: MessageType
}

/**
 * A page's end of a WebSocket connection. A page learns nothing of why it could not connect: that is always
 * `connectionClosed`. The peer's address is the host of the URL, and `localPort` is 0.
 */
class PageConnection implements Connection {
  readonly remoteIp: string
  readonly remotePort: number
  readonly localPort = 0
  readonly #socket: PageSocket
  readonly #messageBytesMax: number
  #events: ConnectionEvents | undefined
  #isOpen = false
  #isPaused = false
  /** Nothing stops a page's socket: what arrives during a pause is kept here. */
  #kept: Message[] = []
  #keptBytes = 0
  #isDelivering = false
  /** The connection has ended; told when nothing is kept any more. */
  #reason: DisconnectReason = DisconnectReason.none
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    socket: PageSocket,
    host: string,
    port: number,
    messageBytesMax: number,
    events: ConnectionEvents,
  ) {
    this.#socket = socket
    this.remoteIp = host
    this.remotePort = port
    this.#messageBytesMax = messageBytesMax
    this.#events = events
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => this.#onOpen())
    socket.addEventListener('message', ({ data }) => this.#onMessage(data))
    // It tells nothing that `close` does not, but a class that stands in for a page's may insist.
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', ({ code, wasClean }) => this.#onClose(code, wasClean))
  }

  get pendingBytes(): number {
    return this.#events === undefined ? 0 : this.#socket.bufferedAmount
  }

  write(bytes: Uint8Array, messages?: MessageLimits): void {
    if (!this.#isOpen || this.#events === undefined || messages === undefined) return
    const { ends, types } = messages
    let start = 0
    for (let index = 0; index < ends.length; index++) {
      const message = bytes.subarray(start, ends[index])
      this.#socket.send(types[index] === MessageType.text ? textOf(message) : message)
      start = ends[index]!
    }
    this.#watch()
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    // Not before the caller is done.
    queueMicrotask(() => this.#deliver())
  }

  close(): void {
    this.#end(closeCodes.done)
  }

  reset(reason?: DisconnectReason): void {
    if (reason === DisconnectReason.malformed) this.#end(closeCodes.malformed)
    else if (reason === DisconnectReason.tooLarge) this.#end(closeCodes.tooLarge)
    else this.#end(closeCodes.reset)
  }

  #end(code: number): void {
    this.#events = undefined
    this.#kept = []
    this.#keptBytes = 0
    clearTimeout(this.#timer)
    this.#socket.close(code)
  }

  /** Looks again and again while bytes wait to leave. */
  #watch(): void {
    if (this.#timer !== undefined || this.#socket.bufferedAmount === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#tellIfDrained()
    }, pollMs)
  }

  #tellIfDrained(): void {
    if (this.#socket.bufferedAmount > 0) this.#watch()
    else this.#events?.drained()
  }

  #onOpen(): void {
    this.#isOpen = true
    this.#events?.opened(this)
  }

  #onMessage(data: unknown): void {
    if (this.#events === undefined || this.#reason !== DisconnectReason.none) return
    const message = messageOf(data)
    if (message.bytes.length > this.#messageBytesMax) {
      this.#socket.close(closeCodes.tooLarge)
      this.#reason = DisconnectReason.tooLarge
    } else this.#keep(message)
    this.#deliver()
  }

  /** A page that does not read on loses its connection before it runs out of memory. */
  #keep(message: Message): void {
    this.#kept.push(message)
    this.#keptBytes += message.bytes.length
    if (!this.#isPaused || this.#keptBytes <= this.#messageBytesMax) return
    this.#socket.close(closeCodes.tooLarge)
    this.#reason = DisconnectReason.tooLarge
  }

  #onClose(code: number, wasClean: boolean): void {
    clearTimeout(this.#timer)
    if (!this.#isOpen) {
      const events = this.#events
      this.#events = undefined
      events?.failed(NetworkError.connectionClosed)
      return
    }
    if (this.#reason === DisconnectReason.none)
      this.#reason = wasClean && code !== 1006 ? DisconnectReason.closed : DisconnectReason.reset
    this.#deliver()
  }

  /** Tells what has arrived, and behind it the end. */
  #deliver(): void {
    if (this.#isDelivering) return
    this.#isDelivering = true
    while (this.#kept.length > 0 && !this.#isPaused) {
      const { bytes, type } = this.#kept.shift()!
      this.#keptBytes -= bytes.length
      this.#events?.received(bytes, type)
    }
    this.#isDelivering = false
    if (this.#reason === DisconnectReason.none || this.#isPaused) return
    const events = this.#events
    this.#events = undefined
    events?.ended(this.#reason)
  }
}

function messageOf(data: unknown): Message {
  return typeof data === 'string'
    ? { bytes: new TextEncoder().encode(data), type: MessageType.text }
    : { bytes: new Uint8Array(data as ArrayBuffer), type: MessageType.binary }
}

/** A byte order mark is part of the text. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
