import type { EntityId } from 'bitecs'
import { type SocketStore } from '../../components/Socket.ts'
import { type Patience } from '../clock/patience.ts'
import { type NetworkConfig } from '../config/NetworkConfig.ts'
import { type Warner } from '../warnings/Warner.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type EventSource } from '../event/AsyncLoad.ts'
import { type Claim } from '../event/Claim.ts'
import { type EventQueue } from '../event/EventQueue.ts'
import { type TickEvents } from '../event/TickEvents.ts'
import { type Message } from '../protocol/messageToSend.ts'
import { type HostNames } from '../transport/HostNames.ts'
import { type SendQueue } from './SendQueue.ts'
import { type Watch } from './watch.ts'

/** What a socket knows of its world. */
export interface SocketHost {
  readonly config: NetworkConfig
  readonly warner: Warner
  /** The store of the `Socket` component. */
  readonly store: SocketStore
  readonly queue: EventQueue
  readonly tickEvents: TickEvents
  readonly sends: SendQueue
  /** The time of limits. */
  readonly patience: Patience
  readonly watch: Watch
  /** Records for observers what UDP sockets send; `undefined` without observers. */
  readonly traffic:
    { recordSent(to: Omit<EventSource, 'server'>, message: Message): void } | undefined
  /** `undefined` until a UDP socket is made. */
  hostNames: HostNames | undefined
  /** Whether the world is still there and was not reset. If not, this destroys every socket of it. */
  readonly isAlive: () => boolean
  /** Shows the outcome of connecting to the world, once no transport is on the stack. */
  readonly reportConnect: (socket: ConnectingSocket) => void
}

/** A client socket that has connected, or has failed to. */
export interface ConnectingSocket {
  readonly entity: EntityId
  readonly isDestroyed: boolean
  readonly ip: string
  readonly port: number
  readonly localPort: number
  /** 0 if it has connected. */
  readonly connectError: NetworkError | 0
  /** `undefined` once it was reported. */
  attempt: ConnectAttempt | undefined
}

/** Who waits for the outcome of connecting. */
export interface ConnectAttempt {
  /** Settles the caller's promise. */
  readonly resolve: (result: EntityId | NetworkError) => void
  /** Whether an event reports it too. */
  readonly byEvent: boolean
}

/** What a connection asks of the listener that accepted it. */
export interface Admission<Accepted> {
  readonly entity: EntityId
  readonly isDestroyed: boolean
  readonly claim: Claim | undefined
  /** A handshake is done. Returns whether there is a place for the connection. */
  admit(socket: Accepted): boolean
  /** A connection has ended, or its end was dispatched. */
  release(socket: Accepted): void
  countFailedHandshake(): void
  /** The tick has come to its connect event: makes its entity. */
  showAccepted(socket: Accepted): void
}
