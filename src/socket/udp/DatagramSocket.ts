import type { EntityId } from 'bitecs'
import { type BufferMemory, memoryOf } from '../../buffer/BufferMemory.ts'
import { warn } from '../../warnings/Warner.ts'
import { type DisconnectReason } from '../../constants/DisconnectReason.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { SocketRole } from '../../constants/SocketRole.ts'
import { createDataArrival, createStateArrival } from '../../event/Arrival.ts'
import { queueArrival } from '../../event/EventQueue.ts'
import { type EventSource } from '../../event/AsyncLoad.ts'
import { type EventSocket, type QueuedEvents } from '../../event/EventSocket.ts'
import { noSubscribers, type SubscriberCache } from '../../event/Subscription.ts'
import { endEvents } from '../../event/TickEvents.ts'
import { payloadStart } from '../../protocol/datagram.ts'
import { headerBytes } from '../../protocol/packetHeader.ts'
import { type DatagramEndpoint, type DatagramEvents } from '../../transport/DatagramTransport.ts'
import { SocketCounters } from '../SocketCounters.ts'
import { type SocketHost } from '../SocketHost.ts'
import { type DatagramPeer } from './DatagramPeer.ts'
import { type PeerOwner } from './PeerOwner.ts'
import { findPeer, keyOf, type PeerTable } from './PeerTable.ts'
import { ReliableLinks } from './ReliableLinks.ts'

/** A UDP server or client socket: a bound port, and its peers. */
export class DatagramSocket implements DatagramEvents, EventSocket, PeerOwner {
  readonly kind = 'datagram'
  readonly host: SocketHost
  readonly role: typeof SocketRole.server | typeof SocketRole.client
  /** It was not accepted by another socket. */
  readonly server = undefined
  entity: EntityId = -1
  /** `undefined` until the port is bound. */
  endpoint: DatagramEndpoint | undefined
  isDestroyed = false
  /** Largest message taken; a larger datagram is dropped, the sender of a larger reliable message is lost. */
  readonly messageBytesMax: number
  readonly counters: SocketCounters
  readonly queued: QueuedEvents = { count: 0, bytes: 0, tick: -1, taken: 0 }
  readonly subscribers: SubscriberCache = { list: noSubscribers, version: -1 }
  readonly #peers: PeerTable = new Map()
  readonly #links = new ReliableLinks(this)
  #unplaced: DatagramPeer | undefined

  constructor(host: SocketHost, role: DatagramSocket['role'], messageBytesMax: number = Infinity) {
    this.host = host
    this.role = role
    this.messageBytesMax = messageBytesMax
    this.counters = new SocketCounters(host.store)
  }

  get isGone(): boolean {
    return this.isDestroyed
  }

  get isServer(): boolean {
    return this.role === SocketRole.server
  }

  // The transport calls these.

  received(bytes: Uint8Array, ip: string, port: number): void {
    const { host, counters, queued } = this
    if (this.isDestroyed || !host.isAlive()) return
    const { datagramsPerSenderMax, datagramQueueBytesMax } = host.config
    counters.add('bytesIn', bytes.length)
    if (port === 0) {
      // Nothing can be sent back there (RFC 768).
      counters.add('dropped', 1)
      return
    }
    const peer = findPeer(this.#peers, this, ip, port, true)
    peer.bytesIn += bytes.length
    const sender = peer.isKept ? peer : this.#unplacedOf(peer)
    const hasRoom = queued.bytes < datagramQueueBytesMax
    if (this.#links.take(peer, bytes, hasRoom)) return
    if (!hasRoom || sender.count >= datagramsPerSenderMax) {
      counters.add('dropped', 1)
      return
    }
    sender.count++
    const memory = memoryOf(bytes)
    const start = payloadStart(memory.view)
    if (bytes.length - start > this.messageBytesMax) {
      counters.add('dropped', 1)
      return
    }
    this.queueMessage(peer, memory, start)
  }

  /** Senders that do not fit in the table share one budget. */
  #unplacedOf(peer: DatagramPeer): DatagramPeer {
    if (this.#unplaced?.tick !== peer.tick) this.#unplaced = peer
    return this.#unplaced
  }

  undelivered(): void {
    if (this.host.isAlive()) this.counters.add('undelivered', 1)
  }

  warned(message: string): void {
    warn(this.host.warner, 'datagrams', message)
  }

  // Its peers call these.

  queueMessage(source: EventSource, memory: BufferMemory, at: number): void {
    const { length } = memory.bytes
    queueArrival(this.host.queue, createDataArrival(this, source, 'raw', memory, at, length, 1, 0))
  }

  queueLoss(source: EventSource, reason: DisconnectReason): void {
    queueArrival(this.host.queue, createStateArrival(this, source, 'peerLost', 0, reason))
  }

  send(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError {
    const { endpoint, counters } = this
    if (endpoint === undefined || this.isDestroyed) return NetworkError.notConnected
    if (this.#isQueueFull(endpoint)) return NetworkError.sendQueueFull
    const result = endpoint.send(bytes, ip, port)
    if (result !== 0) return result
    counters.addSent(bytes.length, 1)
    return 0
  }

  /** An empty datagram takes memory too. */
  #isQueueFull({ pendingBytes, pendingCount = 0 }: DatagramEndpoint): boolean {
    return pendingBytes + pendingCount * headerBytes >= this.host.config.clientSendQueueBytesMax
  }

  /** Whether it has the family of an address. */
  reaches(ip: string): boolean {
    return this.endpoint?.reaches?.(ip) ?? true
  }

  /** Sends a datagram to everybody near. */
  broadcast(bytes: Uint8Array, port: number): number {
    const { endpoint, counters } = this
    if (endpoint === undefined || this.isDestroyed) return NetworkError.notConnected
    if (this.#isQueueFull(endpoint)) return NetworkError.sendQueueFull
    const result = endpoint.broadcast(bytes, port)
    if (result > 0) counters.addSent(bytes.length * result, result)
    return result
  }

  /** Sends a datagram of the user, which is not repeated. */
  sendPlain(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError {
    if (this.isReliable) {
      const peer = this.#peers.get(keyOf(ip, port))
      if (peer !== undefined) peer.bytesOut += bytes.length
    }
    return this.send(bytes, ip, port)
  }

  /** Whether `sendUdp` uses the reliable layer. */
  get isReliable(): boolean {
    return this.#links.mode !== false
  }

  /** Sends a message that is repeated until it has arrived. The bytes must not change any more. */
  sendReliable(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError {
    if (this.isDestroyed) return NetworkError.notConnected
    return this.#links.send(findPeer(this.#peers, this, ip, port, false), bytes)
  }

  setReliable(mode: boolean | 'ordered'): void {
    this.#links.setMode(mode, this.#peers.values())
  }

  /** This side closes it: nothing more is delivered. */
  destroy(): void {
    if (this.isDestroyed) return
    endEvents(this.host.tickEvents, this)
    // Its row, or even its world, may be gone.
    this.counters.detach()
    this.#links.close()
    this.isDestroyed = true
    this.endpoint?.close()
    this.#peers.clear()
  }
}
