import type { EntityId } from 'bitecs'
import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { setLimit } from '../clock/patience.ts'
import { type SocketSettings } from '../config/SocketSettings.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { createStateArrival, type StateArrival } from '../event/Arrival.ts'
import { type Claim } from '../event/Claim.ts'
import { queueArrival } from '../event/EventQueue.ts'
import { type QueuedEvents } from '../event/EventSocket.ts'
import { noSubscribers, type SubscriberCache } from '../event/Subscription.ts'
import { endEvents } from '../event/TickEvents.ts'
import {
  type ByteStream,
  createStream,
  endStream,
  type StreamMode,
} from '../protocol/ByteStream.ts'
import {
  type CloseCause,
  type Connection,
  type ConnectionEvents,
  type Transport,
  type TransportConnectOptions,
} from '../transport/Transport.ts'
import { clearOutbox, createOutbox, type Outbox, useFraming } from '../protocol/Outbox.ts'
import { greeting } from '../protocol/handshake.ts'
import { type RunKind } from '../protocol/RunKind.ts'
import { flushDrained, type Sendable, sendNow } from './SendQueue.ts'
import { queueData, receiveBytes, receiveFrames, type Receiving } from './receiveBytes.ts'
import { SocketCounters } from './SocketCounters.ts'
import { type Admission, type ConnectAttempt, type SocketHost } from './SocketHost.ts'
import { noteActive, unwatch, watchSilence } from './watch.ts'
import {
  handshakeAdvice,
  warnOfDiscarded,
  warnOfFailure,
  warnOfPackets,
  warnOfTooLarge,
} from '../warnings/warnOfPeer.ts'

/**
 * One connection, or a client socket that has none: the transport's end, the protocol's state and the
 * queues. A client socket that connects again gets a new one, so nothing of the old can reach it.
 */
export class ConnectionSocket implements ConnectionEvents, Receiving, Sendable {
  readonly kind = 'connection'
  readonly host: SocketHost
  readonly transport: Transport
  readonly role: typeof SocketRole.client | typeof SocketRole.accepted
  readonly server: Admission<ConnectionSocket> | undefined
  /** Shared with the connections that the socket had before. */
  readonly settings: SocketSettings
  /** The transport keeps the limits of messages. */
  readonly isMessages: boolean
  /** −1 until the tick makes the entity of an accepted socket. Kept when the entity is removed. */
  entity: EntityId = -1
  /** `open`: can send. `closed`: the connection has ended, or was never made. */
  phase: 'idle' | 'connecting' | 'open' | 'closed' = 'idle'
  isDestroyed = false
  ip = ''
  port = 0
  localPort = 0
  readonly stream: ByteStream
  readonly outbox: Outbox
  readonly counters: SocketCounters
  readonly queued: QueuedEvents = { count: 0, bytes: 0, tick: -1, taken: 0 }
  readonly subscribers: SubscriberCache = { list: noSubscribers, version: -1 }
  connection: Connection | undefined
  attempt: ConnectAttempt | undefined
  disconnectReason: DisconnectReason = DisconnectReason.none
  connectError: NetworkError | 0 = 0
  isPaused = false
  /** The transport has connected it. */
  isReached = false
  readonly queueBytesMax: number
  chunk: BufferMemory | undefined
  messageType: MessageType | 0 = 0
  claim: Claim | undefined
  heartbeat: Receiving['heartbeat']
  /** Whether a warning has said that raw and packet functions are mixed on it. */
  hasWarnedOfMixedModes = false
  #cancelLimit: (() => void) | undefined

  constructor(
    host: SocketHost,
    transport: Transport,
    settings: SocketSettings,
    mode: StreamMode,
    server?: Admission<ConnectionSocket>,
  ) {
    this.host = host
    this.transport = transport
    this.role = server === undefined ? SocketRole.client : SocketRole.accepted
    this.server = server
    this.settings = settings
    settings.writeStallMs ??= host.config.writeStallMs
    this.isMessages = transport.capabilities.boundaries === 'message'
    this.outbox = createOutbox(this.isMessages)
    this.counters = new SocketCounters(host.store)
    this.stream = createStream(server === undefined ? 'client' : 'server', mode, settings)
    this.queueBytesMax = Math.max(host.config.queuedBytesMax, settings.messageBytesMax)
  }

  /** A client's end. */
  connect(options: TransportConnectOptions, attempt: ConnectAttempt): void {
    if (this.isDestroyed) return attempt.resolve(NetworkError.connectionClosed)
    this.phase = 'connecting'
    this.attempt = attempt
    // What an event of a failure says.
    this.ip = options.host
    this.port = options.port
    this.#startLimit(options.timeoutMs)
    const connection = this.transport.connect(options, this)
    // It may have connected or failed already.
    if (this.phase === 'connecting') this.connection ??= connection
  }

  /** Runs without ticks, since it must hold before any. */
  #startLimit(limitMs: number): void {
    this.#cancelLimit = setLimit(this.host.config.clock, Math.max(0, limitMs), () => {
      if (this.host.isAlive()) this.#giveUp(NetworkError.timedOut)
    })
  }

  // The transport calls these.

  /** It is open at once in raw mode; else a server greets. */
  opened(connection: Connection): void {
    if (this.isDestroyed) return
    this.connection = connection
    this.isReached = true
    useFraming(this.outbox, connection.framing)
    this.ip = connection.remoteIp
    this.port = connection.remotePort
    this.localPort = connection.localPort
    if (this.stream.raw) this.handshakeDone()
    else if (this.server !== undefined) {
      this.#startLimit(this.host.config.handshakeTimeoutMs - (connection.handshakeMs ?? 0))
      this.reply(greeting)
    }
  }

  failed(error: NetworkError): void {
    this.#giveUp(error)
  }

  received(bytes: Uint8Array, type?: MessageType): void {
    receiveBytes(this, bytes, type)
  }

  receivedFrames(bytes: Uint8Array, view: DataView, count: number): boolean {
    return receiveFrames(this, memoryOf(bytes, view), count)
  }

  drained(): void {
    if (this.host.isAlive()) flushDrained(this.host.sends, this)
  }

  alive(): void {
    noteActive(this.host.watch, this)
  }

  ended(reason: DisconnectReason): void {
    if (!this.host.isAlive()) return
    this.connection = undefined
    if (this.phase === 'open') this.#conclude(reason)
    else this.#giveUp(NetworkError.connectionClosed)
  }

  // The stream calls these.

  handshakeDone(): void {
    if (this.isDestroyed) return
    this.#cancelLimit?.()
    if (this.server !== undefined && !this.server.admit(this)) {
      this.destroy('full')
      return
    }
    this.phase = 'open'
    watchSilence(this.host.watch, this)
    if (this.role === SocketRole.accepted) this.#queueState('connect')
    else this.#reportConnect()
  }

  protocolBroken(cause: 'handshake' | 'malformed' | 'tooLarge', lost: number): void {
    this.counters.add('discardedBytes', lost)
    if (cause === 'handshake') this.#giveUp(NetworkError.handshakeFailed)
    else this.end(DisconnectReason[cause])
  }

  messages(kind: RunKind, chunk: BufferMemory, at: number, end: number, count: number): void {
    if (kind === 'raw' && this.stream.raw) warnOfPackets(this, chunk.bytes, at, end)
    queueData(this, kind, chunk, at, end, count)
  }

  discarded(count: number): void {
    this.counters.add('discardedBytes', count)
    warnOfDiscarded(this, count)
  }

  reply(bytes: Uint8Array): void {
    sendNow(this.host.sends, this, bytes)
  }

  #queueState(kind: StateArrival['kind']): void {
    const succeeded = kind !== 'disconnect' && this.connectError === 0 ? 1 : 0
    const arrival = createStateArrival(this, this, kind, succeeded, this.disconnectReason)
    queueArrival(this.host.queue, arrival)
  }

  #reportConnect(): void {
    if (this.attempt?.byEvent === true) this.#queueState('nonBlockingConnect')
    this.host.reportConnect(this)
  }

  // Endings. Each is final; `destroy` also drops an end that was not dispatched.

  /** Ends an open connection for a fault of the peer: a disconnect event follows what has arrived. */
  end(reason: DisconnectReason): void {
    if (this.phase !== 'open') return
    const { connection } = this
    this.connection = undefined
    connection?.reset(reason)
    this.#conclude(reason)
  }

  /** This side closes it. What was sent leaves, but not with `avoidTimeWait`; nothing more is delivered, without an event. */
  destroy(cause: CloseCause = 'done'): void {
    if (this.isDestroyed) return
    this.isDestroyed = true
    const { connection, host, attempt, outbox, settings } = this
    const wasOpen = this.phase === 'open'
    endEvents(host.tickEvents, this)
    // Its row, or even its world, may be gone.
    this.counters.detach()
    this.#leave()
    if (connection !== undefined) {
      const { batch, used, messages } = outbox
      if (wasOpen && batch !== undefined) connection.write(batch.bytes.subarray(0, used), messages)
      if (settings.avoidTimeWait) connection.reset()
      else connection.close(cause)
    }
    clearOutbox(outbox)
    attempt?.resolve(NetworkError.connectionClosed)
  }

  /** The connection could not be made, or its handshake not done. */
  #giveUp(error: NetworkError): void {
    if (this.isDestroyed || this.phase !== 'connecting') return
    const { connection } = this
    this.connectError = error
    warnOfFailure(this, error)
    this.#leave()
    const isWrong = error === NetworkError.handshakeFailed
    connection?.reset(DisconnectReason[isWrong ? 'malformed' : 'timedOut'], handshakeAdvice)
    if (this.server !== undefined) {
      this.isDestroyed = true
      this.server.countFailedHandshake()
    } else this.#reportConnect()
  }

  #conclude(reason: DisconnectReason): void {
    if (this.isDestroyed) return
    this.disconnectReason = reason
    if (reason === DisconnectReason.tooLarge) warnOfTooLarge(this, this.settings.messageBytesMax)
    clearOutbox(this.outbox)
    this.#leave()
    this.#queueState('disconnect')
  }

  #leave(): void {
    this.#cancelLimit?.()
    this.phase = 'closed'
    this.counters.add('discardedBytes', endStream(this.stream))
    this.connection = undefined
    this.outbox.writing = undefined
    unwatch(this.host.watch, this)
    // A client keeps its place until its disconnect event was dispatched.
    if (this.isDestroyed || this.disconnectReason === DisconnectReason.none)
      this.server?.release(this)
  }

  get isGone(): boolean {
    return this.isDestroyed || this.server?.isDestroyed === true
  }
}
