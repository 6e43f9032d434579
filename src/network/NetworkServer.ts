import { type EntityId } from 'bitecs'
import { Socket } from '../../components/Socket.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import {
  type Connection,
  type ConnectionEvents,
  type Listener,
  type Transport,
} from '../transport/Transport.ts'
import { abandon, isAlive, type Network } from './Network.ts'
import { NetworkSocket, type SocketSettings } from './NetworkSocket.ts'

/** A connection that was turned away: nobody hears what it says. */
const nobody: ConnectionEvents = { opened() {}, failed() {}, received() {}, ended() {} }

/** Handshakes that may be under way: at least this many, at most a thousand beyond `maxClients`. */
const pendingMin = 64
const pendingMax = 1_024

/** A listening socket and the connections it has accepted. */
export class NetworkServer {
  readonly network: Network
  readonly transport: Transport
  readonly role: typeof SocketRole.server = SocketRole.server
  readonly entity: EntityId
  readonly maxClients: number
  settings: SocketSettings
  avoidTimeWait = false
  listener: Listener | undefined
  isDestroyed = false
  /** Connections whose handshake is done. */
  readonly clients: Set<NetworkSocket> = new Set()
  /** Connections whose handshake is not done. They take none of the `maxClients` places. */
  readonly #pending = new Set<NetworkSocket>()

  constructor(
    network: Network,
    transport: Transport,
    entity: EntityId,
    maxClients: number,
    settings: SocketSettings,
  ) {
    this.network = network
    this.transport = transport
    this.entity = entity
    this.maxClients = maxClients
    this.settings = settings
  }

  /** The transport has a new connection. */
  accept(connection: Connection): ConnectionEvents {
    if (!isAlive(this.network)) abandon(this.network)
    const pendingLimit = Math.min(Math.max(this.maxClients, pendingMin), pendingMax)
    const isFull = this.clients.size >= this.maxClients || this.#pending.size >= pendingLimit
    if (this.isDestroyed || isFull) {
      if (!this.isDestroyed) this.#countRefused()
      connection.close()
      return nobody
    }
    const { network, transport, settings } = this
    const socket = new NetworkSocket(network, transport, SocketRole.accepted, settings, this)
    socket.avoidTimeWait = this.avoidTimeWait
    this.#pending.add(socket)
    socket.accept(connection)
    return socket
  }

  /** A handshake is done: gives it a place, if there is one. */
  admit(socket: NetworkSocket): boolean {
    this.#pending.delete(socket)
    if (this.clients.size >= this.maxClients) {
      this.#countRefused()
      return false
    }
    this.clients.add(socket)
    return true
  }

  /** A connection has ended. */
  release(socket: NetworkSocket): void {
    this.#pending.delete(socket)
    this.clients.delete(socket)
  }

  countFailedHandshake(): void {
    const { failedHandshakes } = Socket(this.network.world)
    failedHandshakes[this.entity] = (failedHandshakes[this.entity] ?? 0) + 1
  }

  /** Stops listening and closes every connection, without events. */
  destroy(): void {
    if (this.isDestroyed) return
    this.isDestroyed = true
    this.listener?.close()
    for (const socket of [...this.#pending, ...this.clients]) socket.destroy()
  }

  #countRefused(): void {
    const { refused } = Socket(this.network.world)
    refused[this.entity] = (refused[this.entity] ?? 0) + 1
  }
}
