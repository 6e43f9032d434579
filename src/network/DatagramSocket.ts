import { type EntityId } from 'bitecs'
import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { type SocketRole } from '../constants/SocketRole.ts'
import { payloadStart } from '../protocol/datagram.ts'
import { type DatagramEndpoint, type DatagramEvents } from '../transport/DatagramTransport.ts'
import { queueData } from './arrivals.ts'
import { endEvents } from './clearEvents.ts'
import { type Counters, countSoon, createCounters } from './Counters.ts'
import { type DatagramPeer } from './DatagramPeer.ts'
import { createInbox, type Inbox } from './Inbox.ts'
import { abandon, isAlive, type Network } from './Network.ts'
import { findPeer, type PeerTable } from './PeerTable.ts'
import { ReliableLinks } from './ReliableLinks.ts'

/** A UDP server or client socket: a bound port, and those that it talks with. */
export class DatagramSocket implements DatagramEvents {
  readonly kind = 'datagrams'
  readonly network: Network
  readonly role: typeof SocketRole.server | typeof SocketRole.client
  /** Its events have no other server to tell. */
  readonly server = undefined
  entity: EntityId = -1
  /** `undefined` until the port is bound. */
  endpoint: DatagramEndpoint | undefined
  isDestroyed = false
  readonly inbox: Inbox = createInbox()
  readonly counters: Counters = createCounters()
  readonly #peers: PeerTable = new Map()
  readonly #links = new ReliableLinks(this)
  #unplaced: DatagramPeer | undefined

  constructor(network: Network, role: DatagramSocket['role']) {
    this.network = network
    this.role = role
  }

  get isGone(): boolean {
    return this.isDestroyed
  }

  // The transport calls these.

  received(bytes: Uint8Array, ip: string, port: number): void {
    const { network, counters, inbox } = this
    if (this.isDestroyed) return
    if (!isAlive(network)) {
      abandon(network)
      return
    }
    const { datagramsPerSenderMax, datagramQueueBytesMax } = network.config
    counters.bytesIn += bytes.length
    countSoon(network, this)
    if (port === 0) {
      // Nobody can be answered there (RFC 768).
      counters.dropped++
      return
    }
    const peer = findPeer(this.#peers, this, ip, port)
    const sender = peer.isKept ? peer : this.#unplacedOf(peer)
    const hasRoom = inbox.bytes < datagramQueueBytesMax
    if (this.#links.take(peer, bytes, hasRoom)) return
    if (!hasRoom || sender.count >= datagramsPerSenderMax) {
      counters.dropped++
      return
    }
    sender.count++
    const memory = memoryOf(bytes)
    this.queue(peer, memory, payloadStart(memory.view))
  }

  /** Those that find no place in the table are counted as one. */
  #unplacedOf(peer: DatagramPeer): DatagramPeer {
    if (this.#unplaced?.tick !== peer.tick) this.#unplaced = peer
    return this.#unplaced
  }

  undelivered(): void {
    this.counters.undelivered++
    countSoon(this.network, this)
  }

  /** A message waits for a tick: the bytes of `memory` from `at` on. */
  queue(source: DatagramPeer, memory: BufferMemory, at: number): void {
    const end = memory.bytes.length
    const kind = 'raw'
    queueData(this.network, {
      kind,
      socket: this,
      source,
      memory,
      at,
      end,
      count: 1,
      messageType: 0,
    })
  }

  /** Sends a datagram as it is. The bytes must not change any more. */
  send(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError {
    const { endpoint, network, counters } = this
    if (endpoint === undefined || this.isDestroyed) return NetworkError.notConnected
    const { config } = network
    if (endpoint.pendingBytes >= config.clientSendQueueBytesMax) return NetworkError.sendQueueFull
    const result = endpoint.send(bytes, ip, port)
    if (result !== 0) return result
    counters.bytesOut += bytes.length
    counters.packetsOut++
    countSoon(network, this)
    return 0
  }

  /** Sends a datagram to everybody near. */
  broadcast(bytes: Uint8Array, port: number): number {
    if (this.endpoint === undefined || this.isDestroyed) return NetworkError.notConnected
    const result = this.endpoint.broadcast(bytes, port)
    if (result > 0) {
      this.counters.bytesOut += bytes.length * result
      this.counters.packetsOut += result
      countSoon(this.network, this)
    }
    return result
  }

  /** Whether `sendUdp` uses the reliable layer. */
  get isReliable(): boolean {
    return this.#links.mode !== false
  }

  /** Sends a message that is repeated until it has arrived. The bytes must not change any more. */
  sendReliable(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError {
    if (this.isDestroyed) return NetworkError.notConnected
    return this.#links.send(findPeer(this.#peers, this, ip, port), bytes)
  }

  setReliable(mode: boolean | 'ordered'): void {
    this.#links.setMode(mode, this.#peers.values())
  }

  /** This side ends it: nothing more is delivered. */
  destroy(): void {
    if (this.isDestroyed) return
    endEvents(this.network, this)
    this.#links.close()
    this.isDestroyed = true
    this.endpoint?.close()
    this.#peers.clear()
  }
}
