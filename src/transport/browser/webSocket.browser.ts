// WebSocket clients in browsers.

import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { MessageType } from '../../constants/MessageType.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { SocketType } from '../../constants/SocketType.ts'
import { createWebSocketTransport } from '../createWebSocketTransport.ts'
import { FailedConnection } from '../FailedConnection.ts'
import { HeldMessages } from '../HeldMessages.ts'
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

/**
 * Messages that are held during a pause: at least so many, and one for each KiB of the largest message. What the page holds
 * for one, its bytes aside, takes about as much memory.
 */
const heldMessagesMin = 1_024
const bytesPerHeldMessage = 1_024

/** The codes that a page may send in a close frame are 1000 and 3000 to 4999. */
const doneCode = 1000
const resetCode = 4000
const faultCodes: Partial<Record<DisconnectReason, number>> = {
  [DisconnectReason.malformed]: 4002,
  [DisconnectReason.tooLarge]: 4009,
}

/** `WebSocket.CLOSING`: of a page's socket that this side has not closed, the peer has begun to. */
const closing = 2

/** What is used of a page's events: each has what its type has. */
interface PageEvent {
  readonly data: unknown
  readonly code: number
  readonly wasClean: boolean
}

/** What is used of a page's `WebSocket`. */
interface PageSocket {
  binaryType: string
  readonly readyState: number
  readonly bufferedAmount: number
  send(data: string | Uint8Array): void
  close(code: number): void
  addEventListener(
    type: 'open' | 'message' | 'close' | 'error',
    listener: (event: PageEvent) => void,
  ): void
}

type PageSocketClass = new (url: string, protocols: string[]) => PageSocket

const platform = {
  capabilities: { messageBytesMax: Infinity },
  listen: () => NetworkError.unsupported,
  connect,
}

/** WebSocket in a page. A page cannot listen, cannot ping, and does not learn its own port. */
export const ws: Transport = createWebSocketTransport(SocketType.ws, platform)

/** WebSocket over TLS in a page. */
export const wss: Transport = createWebSocketTransport(SocketType.wss, platform)

function connect(
  type: SocketType,
  options: TransportConnectOptions,
  events: ConnectionEvents,
): Connection {
  const { protocol } = options
  const target = webSocketUrl(type, options.host, options.port)
  if (target === undefined) return new FailedConnection(events, NetworkError.hostNotFound)
  const { WebSocket } = globalThis as unknown as { WebSocket: PageSocketClass }
  try {
    const socket = new WebSocket(target.url, protocol === '' ? [] : [protocol])
    return new PageConnection(socket, target.host, target.port, options, events)
  } catch {
    // There is no such class; or, more likely, the page came over https and must not use a connection without TLS.
    return new FailedConnection(events, NetworkError.unsupported)
  }
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
  readonly #options: TransportConnectOptions
  #isOpen = false
  /** Nothing stops a page's socket: what arrives during a pause is held here. */
  readonly #held = new HeldMessages()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    socket: PageSocket,
    host: string,
    port: number,
    options: TransportConnectOptions,
    events: ConnectionEvents,
  ) {
    this.#socket = socket
    this.remoteIp = host
    this.remotePort = port
    this.#options = options
    this.#held.events = events
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => {
      this.#isOpen = true
      this.#held.events?.opened(this)
    })
    socket.addEventListener('message', ({ data }) => this.#onMessage(data))
    // It tells nothing that `close` does not, but a class that stands in for a page's may insist.
    socket.addEventListener('error', () => {})
    socket.addEventListener('close', ({ code, wasClean }) => this.#onClose(code, wasClean))
  }

  get pendingBytes(): number {
    return this.#held.events === undefined ? 0 : this.#socket.bufferedAmount
  }

  write(bytes: Uint8Array, messages?: MessageLimits): void {
    if (!this.#isOpen || this.#held.events === undefined || messages === undefined) return
    const { ends, types } = messages
    let start = 0
    for (let index = 0; index < ends.length; index++) {
      const message = bytes.subarray(start, ends[index])
      this.#socket.send(types[index] === MessageType.text ? textOf(message) : message)
      start = ends[index]!
    }
    this.#watch()
  }

  isClosing(): boolean {
    const isClosing = this.#isOpen && this.#socket.readyState >= closing
    // The page emits its event when the connection has gone, which may take a while. Not before the caller is done.
    if (isClosing && !this.#held.hasEnd) {
      this.#held.end(DisconnectReason.closed)
      queueMicrotask(() => this.#held.deliver())
    }
    return isClosing
  }

  pause(): void {
    this.#held.isPaused = true
  }

  resume(): void {
    this.#held.isPaused = false
    // Not before the caller is done.
    queueMicrotask(() => this.#held.deliver())
  }

  close(): void {
    this.#end(doneCode)
  }

  reset(reason: DisconnectReason = DisconnectReason.none): void {
    this.#end(faultCodes[reason] ?? resetCode)
  }

  #end(code: number): void {
    this.#held.stop()
    clearTimeout(this.#timer)
    this.#socket.close(code)
  }

  /** Looks again and again while bytes wait to leave. */
  #watch(): void {
    if (this.#timer !== undefined || this.#socket.bufferedAmount === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#socket.bufferedAmount > 0) this.#watch()
      else this.#held.events?.drained()
    }, pollMs)
  }

  #onMessage(data: unknown): void {
    const held = this.#held
    if (held.events === undefined || held.hasEnd) return
    const isText = typeof data === 'string'
    const bytes = bytesOf(data)
    // A `Blob`, say, of a class that stands in for a page's.
    if (bytes === undefined) this.#endBy(DisconnectReason.malformed)
    else if (bytes.length > this.#options.messageBytesMax) this.#endBy(DisconnectReason.tooLarge)
    else {
      held.push(bytes, isText ? MessageType.text : MessageType.binary)
      if (held.isPaused) this.#limitHeld()
    }
    held.deliver()
  }

  /** A page that does not read on loses its connection before it runs out of memory. */
  #limitHeld(): void {
    const { bytes, count } = this.#held
    const { messageBytesMax, warned } = this.#options
    const countMax = Math.max(heldMessagesMin, messageBytesMax / bytesPerHeldMessage)
    if (bytes <= messageBytesMax && count <= countMax) return
    warned?.(
      `${count} messages with ${bytes} bytes from ${this.remoteIp} waited for a tick: disconnected; a hidden page should tick by a timer`,
    )
    this.#endBy(DisconnectReason.tooLarge)
  }

  #endBy(fault: DisconnectReason): void {
    this.#socket.close(faultCodes[fault]!)
    this.#held.end(fault)
  }

  #onClose(code: number, wasClean: boolean): void {
    clearTimeout(this.#timer)
    if (!this.#isOpen) {
      this.#held.stop()?.failed(NetworkError.connectionClosed)
      return
    }
    this.#held.end(DisconnectReason[wasClean && code !== 1006 ? 'closed' : 'reset'])
    this.#held.deliver()
  }
}

/** The bytes of a message; `undefined` if it is neither a text nor binary. */
function bytesOf(data: unknown): Uint8Array | undefined {
  if (typeof data === 'string') return new TextEncoder().encode(data)
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  // By its tag: the page's socket may be of another realm.
  const isBuffer = Object.prototype.toString.call(data) === '[object ArrayBuffer]'
  return isBuffer ? new Uint8Array(data as ArrayBuffer) : undefined
}

/** A byte order mark is part of the text. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
