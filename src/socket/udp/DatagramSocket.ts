import type { EntityId } from 'bitecs'
import { type BufferMemory, memoryOf } from '../../buffer/BufferMemory.ts'
import { refusePeer } from '../../warnings/warnOfCalls.ts'
import { warn } from '../../warnings/Warner.ts'
import { checkConnectTypes } from '../../config/checkConnectTypes.ts'
import { type ConnectOptions } from '../../config/ConnectOptions.ts'
import { type DisconnectReason } from '../../constants/DisconnectReason.ts'
import { NetworkError } from '../../constants/NetworkError.ts'
import { SocketRole } from '../../constants/SocketRole.ts'
import { SocketType } from '../../constants/SocketType.ts'
import { checkInteger } from '../../errors/argumentErrors.ts'
import { createDataArrival, createStateArrival } from '../../event/Arrival.ts'
import { queueArrival } from '../../event/EventQueue.ts'
import { type Claim } from '../../event/Claim.ts'
import { type EventSource } from '../../event/AsyncLoad.ts'
import { type EventSocket, type QueuedEvents } from '../../event/EventSocket.ts'
import { noSubscribers, type SubscriberCache } from '../../event/Subscription.ts'
import { endEvents } from '../../event/TickEvents.ts'
import { createPacketDatagram, payloadStart } from '../../protocol/datagram.ts'
import { copyMessage, type Message, sentBytes } from '../../protocol/messageToSend.ts'
import { headerBytes } from '../../protocol/packetHeader.ts'
import { type DatagramEndpoint, type DatagramEvents } from '../../transport/DatagramTransport.ts'
import { withAddress } from '../../transport/HostNames.ts'
import { SocketCounters } from '../SocketCounters.ts'
import { type ConnectAttempt, type ConnectingSocket, type SocketHost } from '../SocketHost.ts'
import { type DatagramPeer } from './DatagramPeer.ts'
import { type PeerOwner } from './PeerOwner.ts'
import { findPeer, keyOf, type PeerTable } from './PeerTable.ts'
import { ReliableLinks } from './ReliableLinks.ts'

/** A UDP server or client socket: a bound port, and its peers. */
export class DatagramSocket implements DatagramEvents, EventSocket, PeerOwner, ConnectingSocket {
  readonly kind = 'datagram'
  readonly host: SocketHost
  readonly role: typeof SocketRole.server | typeof SocketRole.client
  /** It was not accepted by another socket. */
  readonly server = undefined
  entity: EntityId = -1
  /** `undefined` until the port is bound. */
  endpoint: DatagramEndpoint | undefined
  isDestroyed = false
  claim: Claim | undefined
  /** Host and port that it was connected to: the host's address once that is known, empty without a peer. */
  ip = ''
  port = 0
  localPort = 0
  connectError: NetworkError | 0 = 0
  attempt: ConnectAttempt | undefined
  /** Largest message taken; a larger datagram is dropped, the sender of a larger reliable message is lost. */
  readonly messageBytesMax: number
  readonly counters: SocketCounters
  readonly queued: QueuedEvents = { count: 0, bytes: 0, tick: -1, taken: 0 }
  readonly subscribers: SubscriberCache = { list: noSubscribers, version: -1 }
  readonly #peers: PeerTable = new Map()
  readonly #links = new ReliableLinks(this)
  #unplaced: DatagramPeer | undefined
  /** Who waits for its peer's host to be looked up. */
  #lookingUp: ConnectAttempt | undefined

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
    if (this.isDestroyed || !this.host.isAlive()) return
    this.counters.add('bytesIn', bytes.length)
    if (!this.#take(bytes, ip, port)) this.counters.add('dropped', 1)
  }

  #take(bytes: Uint8Array, ip: string, port: number): boolean {
    const { datagramsPerSenderMax, datagramQueueBytesMax } = this.host.config
    // Nothing can be sent back there (RFC 768).
    if (port === 0) return false
    const peer = findPeer(this.#peers, this, ip, port, true)
    peer.bytesIn += bytes.length
    const sender = peer.isKept ? peer : this.#unplacedOf(peer)
    const hasRoom = this.queued.bytes < datagramQueueBytesMax
    if (this.#links.take(peer, bytes, hasRoom)) return true
    if (!hasRoom || sender.count >= datagramsPerSenderMax) return false
    sender.count++
    const memory = memoryOf(bytes)
    const start = payloadStart(memory.view)
    const isTaken = bytes.length - start <= this.messageBytesMax
    if (isTaken) this.queueMessage(peer, memory, start)
    return isTaken
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
    const endpoint = this.#endpointToSend()
    if (typeof endpoint === 'number') return endpoint
    const result = endpoint.send(bytes, ip, port)
    if (result === 0) this.counters.addSent(bytes.length, 1)
    return result
  }

  #endpointToSend(): DatagramEndpoint | NetworkError {
    const { endpoint } = this
    if (endpoint === undefined || this.isDestroyed) return NetworkError.notConnected
    const { pendingBytes, pendingCount = 0 } = endpoint
    // An empty datagram takes memory too.
    const waiting = pendingBytes + pendingCount * headerBytes
    const isFull = waiting >= this.host.config.clientSendQueueBytesMax
    return isFull ? NetworkError.sendQueueFull : endpoint
  }

  /** Whether it has the family of an address. */
  reaches(ip: string): boolean {
    return this.endpoint?.reaches?.(ip) ?? true
  }

  /** Sends a message to everybody near. */
  broadcast(message: Message, port: number): number {
    const endpoint = this.#endpointToSend()
    if (typeof endpoint === 'number') return endpoint
    const bytes = createPacketDatagram(message)
    const result = endpoint.broadcast(bytes, port)
    if (result < 0) return result
    this.counters.addSent(bytes.length * result, result)
    this.host.traffic?.recordSent({ entity: this.entity, ip: '', port }, message)
    return sentBytes(message)
  }

  /** Remembers a host as its peer, as `connectSocket`. It has failed if no address of it can be reached. */
  connect(
    where: string,
    host: string,
    port: number,
    options: ConnectOptions,
    attempt: ConnectAttempt,
  ): void {
    checkConnectTypes(where, SocketType.udp, options)
    checkInteger(where, 'port', port, 1, 65_535)
    this.#forgetPeer()
    this.ip = host
    this.port = port
    this.#lookingUp = attempt
    withAddress(this.host.hostNames!, host, this, (ip, error) => {
      // It was closed, or connected again.
      if (this.#lookingUp !== attempt) return
      this.#lookingUp = undefined
      this.attempt = attempt
      this.ip = ip
      this.connectError = error
      if (attempt.byEvent) {
        const source = { entity: this.entity, ip: ip || host, port, server: undefined }
        const succeeded = error === 0 ? 1 : 0
        const arrival = createStateArrival(this, source, 'nonBlockingConnect', succeeded, 0)
        queueArrival(this.host.queue, arrival)
      }
      this.host.reportConnect(this)
    })
  }

  /** Nothing comes of what was not reported of connecting. */
  #forgetPeer(): void {
    const attempt = this.attempt ?? this.#lookingUp
    this.attempt = this.#lookingUp = undefined
    this.ip = ''
    attempt?.resolve(NetworkError.connectionClosed)
  }

  /**
   * Sends a message of the user to a host, now or when its name has been looked up.
   *
   * @param to its peer, unless another is given
   * @returns its size, with that of a packet's header; or a negative `NetworkError`
   */
  sendTo(where: string, message: Message, to: Omit<EventSource, 'server'> = this): number {
    const { ip: host, port } = to
    if (host === '') return refusePeer(where, this)
    const isPacket = message.form === 'packet'
    const isReliable = isPacket && this.#links.mode !== false
    const bytes = isPacket && !isReliable ? createPacketDatagram(message) : copyMessage(message)
    let result: 0 | NetworkError = 0
    let isLater = false
    withAddress(this.host.hostNames!, host, this, (ip, error) => {
      result = error || this.#sendNow(bytes, isReliable, ip, port)
      if (isLater && result !== 0) this.undelivered()
    })
    isLater = true
    if (result === 0) this.host.traffic?.recordSent(to, message)
    return result || sentBytes(message)
  }

  #sendNow(bytes: Uint8Array, isReliable: boolean, ip: string, port: number): 0 | NetworkError {
    if (this.isDestroyed) return NetworkError.notConnected
    if (isReliable) return this.#links.send(findPeer(this.#peers, this, ip, port, false), bytes)
    const peer = this.#links.mode === false ? undefined : this.#peers.get(keyOf(ip, port))
    if (peer !== undefined) peer.bytesOut += bytes.length
    return this.send(bytes, ip, port)
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
    this.#forgetPeer()
    this.endpoint?.close()
    this.#peers.clear()
  }
}
