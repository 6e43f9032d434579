import { addComponent, type EntityId } from 'bitecs'
import { Socket, type SocketStore } from '../../components/Socket.ts'
import { Disconnected, Listening } from '../../components/socketStates.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import {
  type Connection,
  type ConnectionEvents,
  type Listener,
  type ListenerEvents,
  type Transport,
} from '../transport/Transport.ts'
import { abandon, isAlive, type Network } from './Network.ts'
import { NetworkSocket } from './NetworkSocket.ts'
import { type SocketSettings } from './SocketSettings.ts'
import { warn } from './Warner.ts'

/** A connection that was turned away: nobody hears what it says. */
const nobody: ConnectionEvents = {
  opened() {},
  failed() {},
  received() {},
  drained() {},
  alive() {},
  ended() {},
}

/** Handshakes that may be under way: as many as `maxClients`, but at least and at most this many. */
const pendingMin = 64
const pendingMax = 1_024

/** A listening socket and the connections it has accepted. */
export class NetworkServer implements ListenerEvents {
  readonly kind = 'listener'
  readonly network: Network
  readonly transport: Transport
  readonly role: typeof SocketRole.server = SocketRole.server
  readonly entity: EntityId
  readonly maxClients: number
  settings: SocketSettings
  avoidTimeWait = false
  listener: Listener | undefined
  isDestroyed = false
  /** Connections whose handshake is done and whose end the world has not been told. */
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
  accepted(connection: Connection): ConnectionEvents {
    if (!isAlive(this.network)) abandon(this.network)
    const pendingLimit = Math.min(Math.max(this.maxClients, pendingMin), pendingMax)
    const isFull = this.clients.size >= this.maxClients || this.#pending.size >= pendingLimit
    if (this.isDestroyed || isFull) {
      if (!this.isDestroyed) this.#countRefused()
      connection.close('full')
      return nobody
    }
    const { network, transport, settings } = this
    const socket = new NetworkSocket(network, transport, SocketRole.accepted, settings, this)
    socket.avoidTimeWait = this.avoidTimeWait
    this.#pending.add(socket)
    socket.accept(connection)
    return socket
  }

  /** The transport can listen: tells the world. */
  listening(): void {
    const port = this.listener?.port ?? 0
    this.#tellSoon((store) => {
      store.port[this.entity] = port
      store.localPort[this.entity] = port
      addComponent(this.network.world, this.entity, Listening)
    })
  }

  /** The transport cannot listen after all. */
  failed(error: NetworkError): void {
    this.#tellSoon((store) => {
      store.connectError[this.entity] = error
      addComponent(this.network.world, this.entity, Disconnected)
    })
  }

  /** The transport has something to say to whoever runs the server. */
  warned(message: string): void {
    warn(this.network.warner, 'listener', message)
  }

  /** The transport has ended a connection before it told of it. */
  rejected(): void {
    if (isAlive(this.network) && !this.isDestroyed) this.countFailedHandshake()
  }

  /** Changes the world when no transport is on the stack: an observer of the user may hear of it. */
  #tellSoon(change: (store: SocketStore) => void): void {
    const { network, entity } = this
    queueMicrotask(() => {
      if (isAlive(network) && network.sockets.get(entity) === this) change(Socket(network.world))
    })
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
    for (const socket of [...this.#pending, ...this.clients]) socket.destroy('goingAway')
  }

  #countRefused(): void {
    const { refused } = Socket(this.network.world)
    refused[this.entity] = (refused[this.entity] ?? 0) + 1
  }
}
