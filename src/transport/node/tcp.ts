import { connect, createServer, type Socket } from 'node:net'
import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { SocketType } from '../../constants/SocketType.ts'
import { FailedConnection } from '../FailedConnection.ts'
import { AddressTurns } from './AddressTurns.ts'
import { socketOptions } from './socketOptions.ts'
import { SocketWriter, type WriterOwner } from './SocketWriter.ts'
import { isGone, portOf, startListening } from './startListening.ts'
import { takeAddress } from './addresses.ts'
import { connectErrorOf, noAnswer, reasonOf } from './systemErrors.ts'
import {
  type Connection,
  type ConnectionEvents,
  type Transport,
  type TransportConnectOptions,
} from '../Transport.ts'

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
    localPort: true,
  },

  listen(options, events) {
    // Asked once: each connection has the port of its server.
    let localPort = 0
    const server = createServer(tcpOptions, (socket) => {
      if (isGone(socket, events)) return
      localPort ||= portOf(server.address())
      const connection = new TcpConnection(socket, localPort)
      connection.attach(events.accepted(connection))
    })
    return startListening(server, options, events)
  },

  connect(options, events) {
    const { host, port, localPort } = options
    const turns: AddressTurns = new AddressTurns(options.timeoutMs, () => connection.endTurn())
    const open = (): Socket => connect({ ...tcpOptions, ...turns.options, host, port, localPort })
    let socket: Socket
    try {
      socket = open()
    } catch {
      return new FailedConnection(events, NetworkError.hostNotFound)
    }
    const connection = new TcpConnection(socket, 0, { options, turns, open })
    connection.attach(events)
    return connection
  },
}

/** How a client tries the next address of its host. */
interface Attempts {
  readonly options: TransportConnectOptions
  readonly turns: AddressTurns
  open(): Socket
}

class TcpConnection implements Connection, WriterOwner {
  #socket: Socket
  readonly #attempts: Attempts | undefined
  #events: ConnectionEvents | undefined
  #reason: DisconnectReason = DisconnectReason.closed
  #isOpen: boolean
  #isClosed = false
  #writer: SocketWriter
  remoteIp = ''
  remotePort = 0
  localPort: number

  /** @param localPort 0 if it is not known yet */
  constructor(socket: Socket, localPort: number, attempts?: Attempts) {
    this.#socket = socket
    this.#attempts = attempts
    this.#writer = new SocketWriter(socket, this)
    this.#isOpen = !socket.connecting
    this.localPort = localPort
    takeAddress(this, socket)
  }

  attach(events: ConnectionEvents): void {
    if (!this.#isClosed) this.#events = events
    this.#listen()
  }

  /** The time of an address is up. */
  endTurn(): void {
    this.#socket.destroy(noAnswer())
  }

  #listen(): void {
    const socket = this.#socket
    if (!this.#isOpen) socket.once('connect', () => this.#onConnect())
    if (!this.#isClosed) socket.on('data', (bytes) => this.#onData(bytes))
    // The peer will send no more: for a game that is the end of the connection.
    socket.on('end', () => {
      this.#end(DisconnectReason.closed)
      this.#writer.end()
    })
    socket.on('error', (error) => this.#onError(error))
    socket.on('close', () => {
      this.#writer.closed()
      this.#end(this.#reason)
    })
  }

  // The writer calls these.

  endOfSlice({ length }: Uint8Array): number {
    return Math.min(length, sliceBytes)
  }

  isOpen(): boolean {
    return true
  }

  drained(): void {
    this.#events?.drained()
  }

  get pendingBytes(): number {
    return this.#writer.pendingBytes
  }

  write(bytes: Uint8Array): void {
    this.#writer.write(bytes)
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#leave()
    const socket = this.#socket
    if (!this.#isOpen) {
      socket.destroy()
      return
    }
    // Bytes left unread would make the operating system reset the connection and drop what we sent last.
    socket.removeAllListeners('data')
    socket.resume()
    this.#writer.end()
  }

  reset(): void {
    this.#leave()
    this.#writer.reset()
  }

  #leave(): void {
    this.#isClosed = true
    this.#events = undefined
    this.#attempts?.turns.end()
  }

  #onConnect(): void {
    const socket = this.#socket
    this.#attempts?.turns.end()
    this.#isOpen = true
    takeAddress(this, socket)
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
    const attempts = this.#attempts
    if (attempts?.turns.next() === true) {
      this.#retry(attempts.open())
      return
    }
    const events = this.#takeEvents()
    if (attempts !== undefined) events?.failed(connectErrorOf(error, attempts.options))
  }

  /** Goes on with the socket of another address. */
  #retry(socket: Socket): void {
    this.#socket.removeAllListeners().on('error', () => {})
    this.#socket = socket
    this.#writer = new SocketWriter(socket, this)
    this.#listen()
  }

  #end(reason: DisconnectReason): void {
    const events = this.#takeEvents()
    if (this.#isOpen) events?.ended(reason)
    else events?.failed(NetworkError.connectionClosed)
  }

  /** Nothing is emitted any more, but by the caller. */
  #takeEvents(): ConnectionEvents | undefined {
    const events = this.#events
    this.#events = undefined
    return events
  }
}
