import { type EntityId } from 'bitecs'
import { type EventSource } from '../../components/AsyncLoad.ts'
import { memoryOf } from '../buffer/BufferMemory.ts'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { type ReliableLink, type ReliableSink } from '../protocol/reliable/ReliableLink.ts'
import { queue } from './arrivals.ts'
import { type DatagramSocket } from './DatagramSocket.ts'

/** Another end that a UDP socket hears from or sends to. */
export class DatagramPeer implements EventSource, ReliableSink {
  readonly socket: DatagramSocket
  readonly ip: string
  readonly port: number
  /** The tick that `count` counts for. */
  tick: number
  /** Datagrams of this tick. */
  count = 0
  /** Whether the socket will know it again. */
  isKept = false
  /** The tick in which its loss was told of. */
  lossTick = -1
  /** Whether it has ever sent a whole reliable message. */
  isProven = false
  /** Reliable UDP with this peer. */
  link: ReliableLink | undefined

  constructor(socket: DatagramSocket, ip: string, port: number, tick: number) {
    this.socket = socket
    this.ip = ip
    this.port = port
    this.tick = tick
  }

  get entity(): EntityId {
    return this.socket.entity
  }

  get server(): DatagramSocket | undefined {
    return this.socket.role === SocketRole.server ? this.socket : undefined
  }

  // The reliable link calls these.

  send(datagram: Uint8Array): void {
    this.socket.send(datagram, this.ip, this.port)
  }

  message(bytes: Uint8Array): void {
    this.isProven = true
    this.socket.queue(this, memoryOf(bytes), 0)
  }

  lost(cause: 'timedOut' | 'malformed' | 'tooLarge'): void {
    const { socket } = this
    const { tick } = socket.network
    // Faults of somebody who never was a peer are nobody's business, and no peer is lost twice in a tick.
    if (socket.isDestroyed || this.lossTick === tick || (cause !== 'timedOut' && !this.isProven))
      return
    this.lossTick = tick
    const reason = DisconnectReason[cause]
    queue(socket.network, { kind: 'peerLost', socket, source: this, reason, count: 1 })
  }
}
