import { connect, createServer, type Socket } from 'node:net'
import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { SocketType } from '../../constants/SocketType.ts'
import { FailedConnection } from '../FailedConnection.ts'
import { connectingOptions, lingerMs, socketOptions } from './socketOptions.ts'
import { startListening } from './startListening.ts'
import { stripMappedPrefix } from './addresses.ts'
import { connectErrorOf, reasonOf } from './systemErrors.ts'
import { type Connection, type ConnectionEvents, type Transport } from '../Transport.ts'

/** Large writes go to the operating system in slices of this size, so that their progress shows. */
const sliceBytes = 256 * 1024

// What was written still leaves when the peer has ended its side.
const tcpOptions = { ...socketOptions, allowHalfOpen: true }

/** TCP over `node:net`. */
export const tcp: Transport = {
  type: SocketType.tcp,
  capabilities: {
    ordered: true,
    reliable: true,
    boundaries: 'stream',
    connections: true,
    messageBytesMax: Infinity,
  },

  listen(options, events) {
    const server = createServer(tcpOptions, (socket) => {
      const connection = new TcpConnection(socket)
      connection.attach(events.accepted(connection))
    })
    return startListening(server, options, events)
  },

  connect(options, events) {
    let socket: Socket
    try {
      socket = connect({
        ...tcpOptions,
        ...connectingOptions(options.timeoutMs),
        host: options.host,
        port: options.port,
      })
    } catch {
      return new FailedConnection(events, NetworkError.hostNotFound)
    }
    const connection = new TcpConnection(socket)
    connection.attach(events)
    return connection
  },
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

  attach(events: ConnectionEvents): void {
    if (!this.#isClosed) this.#events = events
    const socket = this.#socket
    if (!this.#isOpen) socket.once('connect', () => this.#onConnect())
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
    const socket = this.#socket
    // Node would wait for a connection that is being made before it resets it, and would never free one that is about to
    // end its side.
    if (this.#isOpen && !socket.writableEnded) socket.resetAndDestroy()
    else socket.destroy()
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
