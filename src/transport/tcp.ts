import { connect, createServer, type Server, type Socket } from 'node:net'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketType } from '../constants/SocketType.ts'
import { stripMappedPrefix } from './stripMappedPrefix.ts'
import {
  type Connection,
  type ConnectionEvents,
  type ConnectOptions,
  type Listener,
  type ListenerEvents,
  type ListenOptions,
  type Transport,
} from './Transport.ts'

/** Silence after which the operating system begins to ask whether the peer is still there. */
const keepAliveMs = 10_000

/** How long a closed connection may go on without handing over a byte, or without hearing the peer close. */
const lingerMs = 5_000

/** Large writes go to the operating system in slices of this size, so that their progress shows. */
const sliceBytes = 256 * 1024

const socketOptions = {
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: keepAliveMs,
  // What was written still leaves when the peer has ended its side.
  allowHalfOpen: true,
}

/** TCP over `node:net`. */
export const tcp: Transport = {
  type: SocketType.tcp,

  listen(options, events) {
    const server = createServer(socketOptions, (socket) => {
      const connection = new TcpConnection(socket)
      connection.attach(events.accepted(connection))
    })
    return startListening(server, options, events)
  },

  connect(options, events) {
    let socket: Socket
    try {
      socket = connect({
        ...socketOptions,
        host: options.host,
        port: options.port,
        autoSelectFamily: true,
        // Node's own 250 ms is too short for a slow line (nodejs/node#54359).
        autoSelectFamilyAttemptTimeout: Math.max(10, Math.ceil(options.timeoutMs / 2)),
      })
    } catch {
      return new FailedConnection(events)
    }
    const connection = new TcpConnection(socket)
    connection.attach(events, options)
    return connection
  },
}

/** Binding without a host is synchronous in `node:net`, so a taken port shows at once. */
function startListening(
  server: Server,
  { port, host }: ListenOptions,
  events: ListenerEvents,
): Listener | NetworkError {
  let isClosed = false
  if (host === undefined) {
    // Reported already, by the return value.
    server.on('error', () => {})
    server.listen({ port })
    if (!server.listening) return NetworkError.portUnavailable
  } else {
    server.on('error', (error) => {
      if (!isClosed && !server.listening) events.failed(listenErrorOf(error))
    })
    server.listen({ port, host }, () => {
      if (isClosed) server.close()
      else events.listening()
    })
  }
  return {
    get port() {
      const address = server.address()
      return address !== null && typeof address === 'object' ? address.port : 0
    },
    close() {
      isClosed = true
      server.close()
    },
  }
}

class TcpConnection implements Connection {
  readonly #socket: Socket
  #events: ConnectionEvents | undefined
  #reason: DisconnectReason = DisconnectReason.closed
  #isOpen: boolean
  #isClosed = false
  /** What was written and has not been handed to the operating system, in order. */
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  /** Whether the operating system has not taken the last write at once. */
  #isBlocked = false
  #lingerTimer: NodeJS.Timeout | undefined
  remoteIp: string
  remotePort: number
  localPort: number

  constructor(socket: Socket) {
    this.#socket = socket
    this.#isOpen = !socket.connecting
    this.remoteIp = stripMappedPrefix(socket.remoteAddress ?? '')
    this.remotePort = socket.remotePort ?? 0
    this.localPort = socket.localPort ?? 0
  }

  attach(events: ConnectionEvents, connecting?: ConnectOptions): void {
    if (!this.#isClosed) this.#events = events
    const socket = this.#socket
    if (connecting !== undefined) socket.once('connect', () => this.#onConnect())
    if (!this.#isClosed) socket.on('data', (bytes) => this.#onData(bytes))
    // The peer will send no more: for a game that is the end of the connection.
    socket.once('end', () => this.#onEnd())
    socket.on('error', (error) => this.#onError(error))
    socket.once('close', () => this.#onClose())
  }

  get pendingBytes(): number {
    return this.#waitingBytes + this.#socket.writableLength
  }

  write(bytes: Uint8Array): void {
    if (bytes.length <= sliceBytes && this.#waitingBytes === 0) {
      this.#hand(bytes)
      return
    }
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    this.#writeOn()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#isClosed = true
    this.#events = undefined
    const socket = this.#socket
    if (!this.#isOpen) {
      socket.destroy()
      return
    }
    // Bytes left unread would make the operating system reset the connection and drop what we sent last.
    socket.removeAllListeners('data')
    socket.resume()
    socket.once('finish', () => socket.unref())
    this.#linger()
  }

  reset(): void {
    this.#isClosed = true
    this.#events = undefined
    // Node would wait for a connection that is being made before it resets it.
    if (this.#isOpen) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }

  /** Hands over as much as the operating system takes. */
  #writeOn(): void {
    const socket = this.#socket
    while (this.#waitingBytes > 0 && socket.writableLength === 0 && !socket.destroyed) {
      const bytes = this.#waiting[0]!
      this.#waitingBytes -= Math.min(bytes.length, sliceBytes)
      if (bytes.length <= sliceBytes) this.#waiting.shift()
      else this.#waiting[0] = bytes.subarray(sliceBytes)
      this.#hand(bytes.subarray(0, sliceBytes))
    }
    if (this.#waitingBytes === 0 && this.#lingerTimer !== undefined) socket.end()
  }

  #hand(bytes: Uint8Array): void {
    const socket = this.#socket
    socket.write(bytes, this.#onWritten)
    this.#isBlocked ||= socket.writableLength > 0
  }

  /** A write is done. If the operating system had not taken it at once, there is progress to tell. */
  readonly #onWritten = (error?: Error | null): void => {
    if (!this.#isBlocked || (error !== undefined && error !== null)) return
    this.#isBlocked = false
    this.#lingerTimer?.refresh()
    this.#writeOn()
    if (this.pendingBytes === 0) this.#events?.drained()
    else this.#isBlocked = true
  }

  /** Ends this side when all has left, and the connection when it makes no progress. */
  #linger(): void {
    const socket = this.#socket
    this.#lingerTimer ??= setTimeout(() => socket.destroy(), lingerMs).unref()
    if (this.#waitingBytes === 0) socket.end()
  }

  #onConnect(): void {
    const socket = this.#socket
    this.#isOpen = true
    this.remoteIp = stripMappedPrefix(socket.remoteAddress ?? '')
    this.remotePort = socket.remotePort ?? 0
    this.localPort = socket.localPort ?? 0
    this.#events?.opened(this)
  }

  #onData({ buffer, byteOffset, length }: Buffer): void {
    this.#events?.received(new Uint8Array(buffer, byteOffset, length))
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (this.#isOpen) {
      this.#reason = reasonOf(error)
      return
    }
    const events = this.#events
    this.#events = undefined
    events?.failed(connectErrorOf(error))
  }

  #onEnd(): void {
    this.#end(DisconnectReason.closed)
    this.#linger()
  }

  #onClose(): void {
    clearTimeout(this.#lingerTimer)
    this.#waiting = []
    this.#waitingBytes = 0
    this.#end(this.#reason)
  }

  #end(reason: DisconnectReason): void {
    const events = this.#events
    this.#events = undefined
    if (this.#isOpen) events?.ended(reason)
    else events?.failed(NetworkError.connectionClosed)
  }
}

/** What `node:net` refuses before it tries, for example a host name with a NUL byte. */
class FailedConnection implements Connection {
  readonly remoteIp = ''
  readonly remotePort = 0
  readonly localPort = 0
  readonly pendingBytes = 0

  constructor(events: ConnectionEvents) {
    events.failed(NetworkError.hostNotFound)
  }

  write(): void {}
  pause(): void {}
  resume(): void {}
  close(): void {}
  reset(): void {}
}

function reasonOf({ code }: NodeJS.ErrnoException): DisconnectReason {
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED')
    return DisconnectReason.reset
  return code === 'ETIMEDOUT' ? DisconnectReason.timedOut : DisconnectReason.networkError
}

function listenErrorOf({ code }: NodeJS.ErrnoException): NetworkError {
  if (code === 'EADDRINUSE' || code === 'EACCES') return NetworkError.portUnavailable
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN'
    ? NetworkError.hostNotFound
    : NetworkError.general
}

function connectErrorOf({ code }: NodeJS.ErrnoException): NetworkError {
  switch (code) {
    case 'ECONNREFUSED':
      return NetworkError.refused
    case 'ETIMEDOUT':
      return NetworkError.timedOut
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return NetworkError.hostNotFound
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
      return NetworkError.unreachable
    case 'EMFILE':
    case 'ENFILE':
      return NetworkError.tooManySockets
    case 'ECONNRESET':
    case 'EPIPE':
      return NetworkError.connectionClosed
    default:
      return NetworkError.general
  }
}
