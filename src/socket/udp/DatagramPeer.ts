import type { EntityId } from 'bitecs'
import { memoryOf } from '../../buffer/BufferMemory.ts'
import { DisconnectReason } from '../../constants/DisconnectReason.ts'
import { type EventSource } from '../../event/AsyncLoad.ts'
import { type ReliableLink, type ReliableSink } from '../../protocol/reliable/ReliableLink.ts'
import { type PeerOwner } from './PeerOwner.ts'

/** As many times the bytes that came from an address leave to it, repeated ones counted last, until it is proved (RFC 9000 section 8.1). */
const unprovedFactor = 3

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
  hasMessage = false
  /** Whether the user has sent to its address before anything came from it, so that no false sender has chosen it. */
  isChosen = false
  /** Bytes from its address, whoever sent them. */
  bytesIn = 0
  /** Bytes to its address since then. Plain ones count on a reliable socket only. */
  bytesOut = 0
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

  send(datagram: Uint8Array, isRepeat: boolean): void {
    if (isRepeat && !this.#mayRepeat(datagram.length)) return
    this.bytesOut += datagram.length
    this.owner.send(datagram, this.ip, this.port)
  }

  /** A false sender must not make us send more to somebody else's address than it has sent us. */
  #mayRepeat(bytes: number): boolean {
    if (this.isChosen || this.link?.isProved === true) return true
    return this.bytesOut + bytes <= unprovedFactor * this.bytesIn
  }

  message(bytes: Uint8Array): void {
    this.hasMessage = true
    this.owner.queueMessage(this, memoryOf(bytes), 0)
  }

  lost(cause: 'timedOut' | 'malformed' | 'tooLarge'): void {
    const { owner } = this
    // Another may be at its address by now.
    if (cause === 'timedOut') this.bytesIn = this.bytesOut = 0
    const { tick } = owner.host.tickEvents
    // Ignore protocol errors from addresses that never completed a message; and no peer is lost twice in a tick.
    if (owner.isDestroyed || this.lossTick === tick || (cause !== 'timedOut' && !this.hasMessage))
      return
    this.lossTick = tick
    owner.queueLoss(this, DisconnectReason[cause])
  }
}
