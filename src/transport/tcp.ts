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

/** How long a closed connection may take to hand over its last bytes and hear the peer close. */
const lingerMs = 5_000

const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs }

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
      if (!isClosed) events.failed(listenErrorOf(error))
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
    socket.once('end', () => this.#end(DisconnectReason.closed))
    socket.on('error', (error) => this.#onError(error))
    socket.once('close', () => this.#end(this.#reason))
  }

  get pendingBytes(): number {
    return this.#socket.writableLength
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
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
    const timer = setTimeout(() => socket.destroy(), lingerMs).unref()
    socket.once('finish', () => socket.unref())
    socket.once('close', () => clearTimeout(timer))
    socket.end()
  }

  reset(): void {
    this.#isClosed = true
    this.#events = undefined
    this.#socket.resetAndDestroy()
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
