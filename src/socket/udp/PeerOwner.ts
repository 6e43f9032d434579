import type { EntityId } from 'bitecs'
import { type BufferMemory } from '../../buffer/BufferMemory.ts'
import { type DisconnectReason } from '../../constants/DisconnectReason.ts'
import { type NetworkError } from '../../constants/NetworkError.ts'
import { type EventSource } from '../../event/AsyncLoad.ts'
import { type SocketHost } from '../SocketHost.ts'

/** The UDP socket that a peer belongs to. */
export interface PeerOwner {
  readonly host: SocketHost
  readonly entity: EntityId
  readonly isDestroyed: boolean
  readonly isServer: boolean
  /** Largest message taken. */
  readonly messageBytesMax: number
  /** Sends a datagram as it is. The bytes must not change any more. */
  send(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError
  /** Queues a message for a tick: the bytes of `memory` from `at` on. */
  queueMessage(source: EventSource, memory: BufferMemory, at: number): void
  /** Queues the event that a peer is lost. */
  queueLoss(source: EventSource, reason: DisconnectReason): void
}
