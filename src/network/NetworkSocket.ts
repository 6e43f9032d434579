import { type EntityId } from 'bitecs'
import { type EventSource } from '../../components/AsyncLoad.ts'
import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { MessageType } from '../constants/MessageType.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import {
  type ByteStream,
  createStream,
  endStream,
  feedMessage,
  feedStream,
  isUnfinished,
  openingBytes,
  type StreamSink,
} from '../protocol/ByteStream.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import {
  type CloseCause,
  type Connection,
  type ConnectionEvents,
  type Transport,
  type TransportConnectOptions,
} from '../transport/Transport.ts'
import { type StateArrival } from './Arrival.ts'
import { queue, queueData } from './arrivals.ts'
import { endEvents } from './clearEvents.ts'
import { type ConnectAttempt } from './ConnectAttempt.ts'
import { type Counters, countSoon, createCounters } from './Counters.ts'
import { createInbox, type Inbox } from './Inbox.ts'
import { abandon, isAlive, type Network } from './Network.ts'
import { type NetworkServer } from './NetworkServer.ts'
import { flushDrained } from './flush.ts'
import { createHeartbeat, type Heartbeat, startHeartbeat } from './heartbeats.ts'
import { clearOutbox, createOutbox, type Outbox, useFraming } from './Outbox.ts'
import { settleSoon } from './settle.ts'
import { type SocketSettings } from './SocketSettings.ts'
import { warn } from './Warner.ts'
import { writeMessage } from './writeMessage.ts'

/**
 * One connection, or a client socket that has none: the transport's end, the protocol's state and the
 * queues. A client socket that connects again gets a new one, so nothing of the old can reach it.
 */
export class NetworkSocket implements ConnectionEvents, StreamSink, EventSource {
  readonly kind = 'connection'
  readonly network: Network
  readonly transport: Transport
  readonly role: typeof SocketRole.client | typeof SocketRole.accepted
  readonly server: NetworkServer | undefined
  /** The transport keeps the limits of messages. */
  readonly isMessages: boolean
  /** −1 until the tick makes the entity of an accepted socket. Kept when the entity is removed. */
  entity: EntityId = -1
  /** `open`: can send. `closed`: the connection has ended, or was never made. */
  phase: 'idle' | 'connecting' | 'open' | 'closed' = 'idle'
  /** This side ended it: nothing more is delivered. */
  isDestroyed = false
  ip = ''
  port = 0
  localPort = 0
  stream: ByteStream
  outbox: Outbox
  connection: Connection | undefined
  attempt: ConnectAttempt | undefined
  disconnectReason: DisconnectReason = DisconnectReason.none
  connectError: NetworkError | 0 = 0

  readonly inbox: Inbox = createInbox()
  isPaused = false
  readonly counters: Counters = createCounters()

  /** Whether bytes that were handed over wait to leave. */
  isDraining = false
  /** The batch that the connection is writing. */
  handed: BufferMemory | undefined
  /** Whether it was said that raw and packet functions are mixed on it. */
  wasHinted = false
  readonly heartbeat: Heartbeat = createHeartbeat()

  avoidTimeWait = false
  /** Time limit for a packet that has begun to arrive; 0 for none. */
  readTimeoutMs = 0
  /** Which packet is unfinished, and since when. */
  unfinishedCut = 0
  unfinishedSinceMs = 0
  writeStallMs: number
  /** How much of `bytesOut` had left when last looked at, and since when it has been as much. */
  leftBytes = 0
  leftSinceMs = 0
  readonly #messageQueueBytesMax: number
  #chunk: BufferMemory | undefined
  /** What the message that is being read is; 0 where messages have no type. */
  #messageType: MessageType | 0 = 0
  #cancelTimer: (() => void) | undefined

  constructor(
    network: Network,
    transport: Transport,
    role: NetworkSocket['role'],
    settings: SocketSettings,
    server?: NetworkServer,
  ) {
    this.network = network
    this.transport = transport
    this.role = role
    this.server = server
    this.stream = createStream(role === SocketRole.accepted ? 'server' : 'client', settings)
    this.isMessages = transport.capabilities.boundaries === 'message'
    this.outbox = createOutbox(settings.sendQueueBytesMax, this.isMessages)
    this.writeStallMs = network.config.writeStallMs
    this.#messageQueueBytesMax = Math.max(network.config.queuedBytesMax, settings.messageBytesMax)
  }

  /** A server's end: greets, and is open at once in raw mode. */
  accept(connection: Connection): void {
    this.phase = 'connecting'
    this.#useConnection(connection)
    if (this.stream.raw) {
      this.opened()
      return
    }
    this.#startTimer(this.network.config.handshakeTimeoutMs)
    const opening = openingBytes(this.stream)
    if (opening !== undefined) this.reply(opening)
  }

  /** A client's end. */
  connect(options: TransportConnectOptions, attempt: ConnectAttempt): void {
    if (this.isDestroyed) {
      attempt.resolve(NetworkError.connectionClosed)
      return
    }
    this.phase = 'connecting'
    this.attempt = attempt
    this.#startTimer(options.timeoutMs)
    const connection = this.transport.connect(options, this)
    if (this.connection === undefined && !this.#hasEnded()) this.connection = connection
  }

  #useConnection(connection: Connection): void {
    this.connection = connection
    useFraming(this.outbox, connection.framing)
    this.ip = connection.remoteIp
    this.port = connection.remotePort
    this.localPort = connection.localPort
  }

  #startTimer(delayMs: number): void {
    this.#cancelTimer = this.network.config.clock.setTimer(() => this.#onTimer(), delayMs)
  }

  #stopTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  #onTimer(): void {
    this.#cancelTimer = undefined
    this.#giveUp(NetworkError.timedOut)
  }

  // The transport calls these.

  /** Both: the transport has connected a client, or the handshake of either end is done. */
  opened(connection?: Connection): void {
    if (this.isDestroyed) return
    if (connection !== undefined) {
      this.#useConnection(connection)
      if (!this.stream.raw) return
    }
    this.#stopTimer()
    if (this.server !== undefined && !this.server.admit(this)) {
      this.destroy('full')
      return
    }
    this.phase = 'open'
    startHeartbeat(this.network, this)
    if (this.role === SocketRole.accepted) this.#queueState('connect')
    else {
      if (this.attempt?.byEvent === true) this.#queueState('connectResult')
      settleSoon(this.network, this)
    }
  }

  /** The transport could not connect; or the peer broke the protocol. */
  failed(cause: NetworkError | 'handshake' | 'malformed' | 'tooLarge', lost: number = 0): void {
    this.counters.discardedBytes += lost
    if (typeof cause === 'number') this.#giveUp(cause)
    else if (cause === 'handshake') this.#giveUp(NetworkError.handshakeFailed)
    else this.end(cause === 'malformed' ? DisconnectReason.malformed : DisconnectReason.tooLarge)
  }

  received(bytes: Uint8Array, type?: MessageType): void {
    const { network, stream } = this
    if (!isAlive(network)) {
      abandon(network)
      return
    }
    this.counters.bytesIn += bytes.length
    countSoon(this.network, this)
    this.heartbeat.heardMs = network.tickedMs
    const chunk = memoryOf(bytes)
    this.#chunk = chunk
    if (this.isMessages) {
      this.#messageType = type ?? MessageType.binary
      feedMessage(stream, chunk, type === MessageType.text, this)
    } else feedStream(stream, bytes, chunk.view, this)
    this.#chunk = undefined
    if (this.readTimeoutMs > 0) this.watchUnfinished()
  }

  drained(): void {
    if (isAlive(this.network)) flushDrained(this.network, this)
    else abandon(this.network)
  }

  alive(): void {
    this.heartbeat.heardMs = this.network.tickedMs
  }

  ended(reason: DisconnectReason): void {
    if (!isAlive(this.network)) {
      abandon(this.network)
      return
    }
    this.connection = undefined
    if (this.phase === 'open') this.#conclude(reason)
    else this.#giveUp(NetworkError.connectionClosed)
  }

  // The stream calls these.

  reply(bytes: Uint8Array): void {
    this.counters.bytesOut += bytes.length
    if (this.connection !== undefined) writeMessage(this.connection, bytes, this.isMessages)
  }

  packets(bytes: Uint8Array, at: number, end: number, count: number): void {
    this.#queue('packets', bytes, at, end, count)
  }

  rawBytes(bytes: Uint8Array, at: number, end: number): void {
    this.#queue('raw', bytes, at, end, 1)
  }

  discarded(count: number): void {
    this.counters.discardedBytes += count
    warn(
      this.network.warner,
      'malformed',
      `discarded ${count} bytes from ${this.ip}:${this.port} that are no packet; does the other end use raw functions, and this one does not?`,
    )
  }

  #queue(kind: 'packets' | 'raw', bytes: Uint8Array, at: number, end: number, count: number): void {
    const chunk = this.#chunk
    const memory = chunk !== undefined && chunk.bytes === bytes ? chunk : memoryOf(bytes)
    const messageType = this.#messageType
    queueData(this.network, {
      kind,
      socket: this,
      source: this,
      memory,
      at,
      end,
      count,
      messageType,
    })
    const { inbox } = this
    if (
      !this.isPaused &&
      (inbox.events >= this.network.config.queuedEventsMax ||
        inbox.bytes >= this.#messageQueueBytesMax)
    ) {
      this.isPaused = true
      this.connection?.pause()
    }
  }

  /** Reads on when a tick has taken enough. */
  resumeIfDrained(): void {
    const { inbox } = this
    if (
      this.isPaused &&
      inbox.events * 2 <= this.network.config.queuedEventsMax &&
      inbox.bytes * 2 <= this.#messageQueueBytesMax
    ) {
      this.isPaused = false
      this.unfinishedSinceMs = this.network.config.clock.now()
      this.connection?.resume()
    }
  }

  /** Looks whether a packet has begun that is not complete, for the limit of `setSocketTimeout`. */
  watchUnfinished(): void {
    const { network, stream } = this
    if (this.readTimeoutMs === 0 || !isUnfinished(stream)) network.unfinished.delete(this)
    else if (!network.unfinished.has(this) || this.unfinishedCut !== stream.cut) {
      network.unfinished.add(this)
      this.unfinishedCut = stream.cut
      this.unfinishedSinceMs = network.config.clock.now()
    }
  }

  #queueState(kind: StateArrival['kind']): void {
    queue(this.network, { kind, socket: this, count: 1 })
  }

  // Endings. Each is final, and only the first has an effect.

  /** Ends an open connection for a fault of the peer: a disconnect event follows what has arrived. */
  end(reason: DisconnectReason): void {
    if (this.phase !== 'open') return
    const { connection } = this
    this.connection = undefined
    connection?.reset(reason)
    this.#conclude(reason)
  }

  /** This side ends it. What was sent leaves; nothing more is delivered, and there is no event. */
  destroy(cause: CloseCause = 'done'): void {
    if (this.isDestroyed) return
    this.isDestroyed = true
    const { connection, network, attempt } = this
    const wasOpen = this.phase === 'open'
    endEvents(network, this)
    this.#leave()
    if (connection !== undefined) {
      const { batch, used, messages } = this.outbox
      if (wasOpen && batch !== undefined) connection.write(batch.bytes.subarray(0, used), messages)
      if (this.avoidTimeWait) connection.reset()
      else connection.close(cause)
    }
    clearOutbox(this.outbox)
    attempt?.resolve(NetworkError.connectionClosed)
  }

  /** The connection could not be made, or its handshake not done. */
  #giveUp(error: NetworkError): void {
    if (this.isDestroyed || this.phase !== 'connecting') return
    const { connection } = this
    this.connectError = error
    this.#leave()
    connection?.reset(
      error === NetworkError.handshakeFailed
        ? DisconnectReason.malformed
        : DisconnectReason.timedOut,
    )
    if (this.server !== undefined) {
      this.isDestroyed = true
      this.server.countFailedHandshake()
      return
    }
    if (this.attempt?.byEvent === true) this.#queueState('connectResult')
    settleSoon(this.network, this)
  }

  #conclude(reason: DisconnectReason): void {
    if (this.isDestroyed) return
    this.disconnectReason = reason
    clearOutbox(this.outbox)
    this.#leave()
    this.#queueState('disconnect')
  }

  #leave(): void {
    this.#stopTimer()
    this.phase = 'closed'
    this.counters.discardedBytes += endStream(this.stream)
    countSoon(this.network, this)
    this.connection = undefined
    this.isDraining = false
    this.handed = undefined
    this.network.draining.delete(this)
    this.network.unfinished.delete(this)
    this.network.heartbeats.delete(this)
    // A client keeps its place until the world has been told that it is gone.
    if (this.isDestroyed || this.disconnectReason === DisconnectReason.none)
      this.server?.release(this)
  }

  /** Bytes of the largest message that the transport must take: a packet has its header. */
  get messageBytesMax(): number {
    const { raw, messageBytesMax } = this.stream
    return raw ? messageBytesMax : messageBytesMax + headerBytes
  }

  /** Nothing more is delivered for it, or for its server. */
  get isGone(): boolean {
    return this.isDestroyed || this.server?.isDestroyed === true
  }

  #hasEnded(): boolean {
    return this.phase === 'closed'
  }
}
