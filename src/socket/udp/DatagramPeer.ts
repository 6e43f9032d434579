import type { EntityId } from 'bitecs'
import { memoryOf } from '../../buffer/BufferMemory.ts'
import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { type EventSource } from '../../event/AsyncLoad.ts'
import { type ReliableLink, type ReliableSink } from '../../protocol/reliable/ReliableLink.ts'
import { type PeerOwner } from './PeerOwner.ts'

/** Another end that a UDP socket receives from or sends to. */
export class DatagramPeer implements EventSource, ReliableSink {
  readonly owner: PeerOwner
  readonly ip: string
  readonly port: number
  /** The tick that `count` counts for. */
  tick: number
  /** Datagrams of this tick. */
  count = 0
  /** Whether the socket will know it again. */
  isKept = false
  /** The tick in which its loss was queued. */
  lossTick = -1
  /** Whether it has ever sent a whole reliable message. */
  isProven = false
  /** Reliable UDP with this peer. */
  link: ReliableLink | undefined

  constructor(owner: PeerOwner, ip: string, port: number, tick: number) {
    this.owner = owner
    this.ip = ip
    this.port = port
    this.tick = tick
  }

  get entity(): EntityId {
    return this.owner.entity
  }

  get server(): PeerOwner | undefined {
    return this.owner.isServer ? this.owner : undefined
  }

  // The reliable link calls these.

  send(datagram: Uint8Array): void {
    this.owner.send(datagram, this.ip, this.port)
  }

  message(bytes: Uint8Array): void {
    this.isProven = true
    this.owner.queueMessage(this, memoryOf(bytes), 0)
  }

  lost(cause: 'timedOut' | 'malformed' | 'tooLarge'): void {
    const { owner } = this
    const { tick } = owner.host.tickEvents
    // Ignore protocol errors from addresses that never completed a message; and no peer is lost twice in a tick.
    if (owner.isDestroyed || this.lossTick === tick || (cause !== 'timedOut' && !this.isProven))
      return
    this.lossTick = tick
    owner.queueLoss(this, DisconnectReason[cause])
  }
}
