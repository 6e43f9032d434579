import { handshakesMax } from '#platform'
import type { EntityId } from 'bitecs'
import { type SocketSettings } from '../config/SocketSettings.ts'
import { minuteMs, warn } from '../warnings/Warner.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { collect, collectEach, throwCollected } from '../errors/collect.ts'
import { type Claim } from '../event/Claim.ts'
import {
  type Connection,
  type ConnectionEvents,
  type Listener,
  type ListenerEvents,
  type Transport,
} from '../transport/Transport.ts'
import { ignoredEvents } from '../transport/ignoredEvents.ts'
import { PendingTable } from '../transport/PendingTable.ts'
import { ConnectionSocket } from './ConnectionSocket.ts'
import { SocketCounters } from './SocketCounters.ts'
import { type Admission, type SocketHost } from './SocketHost.ts'

/** As many handshakes as `maxClients` may be under way, within bounds: at least these. Beyond that one has to go. */
const pendingMin = 64

/** What a listener changes in its world. */
export interface ListenerWorld {
  /** Shows whether it listens, if that was not known at once, when no transport is on the stack. */
  showListening(socket: ListenerSocket, error: NetworkError | 0): void
  /** Makes the entity of an accepted socket. */
  addClient(socket: ConnectionSocket): void
  /** Removes the entity of an accepted socket, if it has one. */
  removeClient(socket: ConnectionSocket): void
  /** Removes entities that are still marked as clients, such as those whose `Socket` the user has removed. */
  removeRest(socket: ListenerSocket): void
}

/** A listening socket and the connections it has accepted. */
export class ListenerSocket implements ListenerEvents, Admission<ConnectionSocket> {
  readonly kind = 'listener'
  readonly host: SocketHost
  readonly transport: Transport
  readonly role: typeof SocketRole.server = SocketRole.server
  entity: EntityId = -1
  readonly counters: SocketCounters
  readonly options: { readonly maxClients: number; readonly raw: boolean }
  /** Of the connections it will accept. */
  readonly settings: SocketSettings
  readonly #world: ListenerWorld
  listener: Listener | undefined
  isDestroyed = false
  claim: Claim | undefined
  /** Connections whose handshake is done and whose end was not dispatched. */
  readonly #clients = new Set<ConnectionSocket>()
  /** Connections whose handshake is not done. They take none of the `maxClients` places. */
  readonly #pending = new PendingTable<ConnectionSocket>()

  constructor(
    host: SocketHost,
    transport: Transport,
    options: ListenerSocket['options'],
    settings: SocketSettings,
    world: ListenerWorld,
  ) {
    this.host = host
    this.transport = transport
    this.counters = new SocketCounters(host.store)
    this.options = options
    this.settings = settings
    this.#world = world
  }

  // The transport calls these.

  refuses(): boolean {
    if (this.isDestroyed || !this.host.isAlive()) return true
    const isFull = this.#clients.size >= this.options.maxClients
    if (isFull) this.counters.add('refused', 1)
    return isFull
  }

  accepted(connection: Connection): ConnectionEvents {
    const { host, transport, options, settings } = this
    if (this.refuses()) {
      connection.close('full')
      return ignoredEvents
    }
    const mode = { raw: options.raw, gameId: 0 }
    const socket = new ConnectionSocket(host, transport, { ...settings }, mode, this)
    socket.phase = 'connecting'
    socket.opened(connection)
    if (socket.phase !== 'connecting') return socket
    this.#pending.add(connection.remoteIp, socket)
    const pendingLimit = Math.min(Math.max(options.maxClients, pendingMin), handshakesMax())
    this.#pending.beyond(pendingLimit)?.failed(NetworkError.connectionClosed)
    return socket
  }

  listening(): void {
    this.#world.showListening(this, 0)
  }

  failed(error: NetworkError): void {
    this.#world.showListening(this, error)
  }

  warned(message: string, kind?: string): void {
    const intervalMs = kind === undefined ? undefined : minuteMs
    warn(this.host.warner, `listener ${kind ?? ''}`, message, intervalMs)
  }

  rejected(): void {
    if (this.host.isAlive() && !this.isDestroyed) this.countFailedHandshake()
  }

  // Its connections call these.

  admit(socket: ConnectionSocket): boolean {
    this.#pending.remove(socket.ip, socket)
    if (this.refuses()) return false
    this.#clients.add(socket)
    return true
  }

  release(socket: ConnectionSocket): void {
    if (!this.#clients.delete(socket)) this.#pending.remove(socket.ip, socket)
  }

  countFailedHandshake(): void {
    this.counters.add('failedHandshakes', 1)
  }

  showAccepted(socket: ConnectionSocket): void {
    this.#world.addClient(socket)
  }

  /** Stops listening and closes every connection, without events. */
  destroy(): void {
    if (this.isDestroyed) return
    this.isDestroyed = true
    this.counters.detach()
    // A transport or an observer of the user that throws keeps no client.
    const errors: unknown[] = []
    collect(errors, () => this.listener?.close())
    const sockets = [...this.#pending, ...this.#clients]
    collectEach(errors, sockets, (socket) => socket.destroy('goingAway'))
    collectEach(errors, sockets, (socket) => this.#world.removeClient(socket))
    collect(errors, () => this.#world.removeRest(this))
    throwCollected(errors)
  }
}
