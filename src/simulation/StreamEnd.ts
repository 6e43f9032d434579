import type { World } from 'bitecs'
import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { SocketType } from '../constants/SocketType.ts'
import { HeldMessages } from '../transport/HeldMessages.ts'
import {
  type Connection,
  type ConnectionEvents,
  type MessageLimits,
} from '../transport/Transport.ts'
import { type DeliveryEnd, type DeliveryObserver } from './DeliveryObserver.ts'
import { type LinkDirection } from './LinkDirection.ts'
import { type MemoryNode, type NodeEnd } from './MemoryNode.ts'
import { keepAliveMs, SegmentLine, type SegmentObserver } from './SegmentLine.ts'

/** Bytes of a packet that carries none: its headers count already. */
const controlBytes = 0

/** One end of a connection in memory. */
export class StreamEnd implements Connection, NodeEnd, DeliveryEnd {
  readonly remoteIp: string
  readonly remotePort: number
  readonly localPort: number
  readonly type: SocketType
  readonly isAccepted: boolean
  /** WebSockets only: TCP has nothing of its kind. */
  readonly ping?: () => void
  #peer: StreamEnd | undefined
  readonly #node: MemoryNode
  readonly #out: SegmentLine
  readonly #held = new HeldMessages()
  readonly #onEnd: () => void
  #isWriting = false
  #isBlocked = false
  #isOver = false

  /** @param onEnd runs once when this end is over, whoever ended it */
  constructor(
    node: MemoryNode,
    remoteIp: string,
    remotePort: number,
    localPort: number,
    out: LinkDirection,
    type: SocketType,
    isAccepted: boolean,
    onEnd: () => void = () => {},
  ) {
    this.#node = node
    this.remoteIp = remoteIp
    this.remotePort = remotePort
    this.localPort = localPort
    const { network } = node
    const observer = network.observer && this.#observerOf(network.observer)
    this.#out = new SegmentLine(network, out, () => this.#emitDrained(), observer)
    this.type = type
    this.isAccepted = isAccepted
    this.#onEnd = onEnd
    if (type !== SocketType.tcp)
      this.ping = () => this.signal((peer) => peer.signal((self) => self.#held.events?.alive()))
    node.ends.add(this)
  }

  #observerOf(observer: DeliveryObserver): SegmentObserver {
    return {
      sent: (size, lostPackets) => observer.sent(this, size, lostPackets),
      arrived: (size, sentMs) => {
        const peer = this.#peer
        if (peer !== undefined && !peer.#isOver) observer.arrived(peer, size, sentMs)
      },
    }
  }

  get world(): World {
    return this.#node.world
  }

  /** The two are ends of one connection. */
  join(peer: StreamEnd): void {
    this.#peer = peer
    peer.#peer = this
  }

  attach(events: ConnectionEvents): void {
    if (this.#isOver) return
    this.#held.events = events
    this.#deliver()
  }

  get pendingBytes(): number {
    const peer = this.#peer
    const held = peer === undefined ? 0 : peer.#held.bytes
    return this.#out.pendingBytes + held
  }

  isClosing(): boolean {
    return this.#held.hasEnd
  }

  write(bytes: Uint8Array, messages?: MessageLimits): void {
    if (this.#isOver) return
    const copy = this.#node.network.memory.copy(bytes)
    this.#isWriting = true
    if (this.type === SocketType.tcp)
      for (const piece of this.#out.direction.piecesOf(copy)) this.#writePiece(piece, undefined)
    else if (messages === undefined) this.#writePiece(copy, undefined)
    else
      for (const [index, end] of messages.ends.entries()) {
        const message = copy.subarray(messages.ends[index - 1] ?? 0, end)
        this.#writePiece(message, messages.types[index])
      }
    this.#isWriting = false
    if (this.#peer !== undefined && this.#peer.#held.count > 0) this.#peer.#deliver()
    this.#isBlocked = this.pendingBytes > 0
  }

  #writePiece(bytes: Uint8Array, type: MessageType | undefined): void {
    this.#carry(bytes.length, (peer) => {
      peer.#held.push(bytes, type)
      // What arrives at once is delivered together.
      if (this.#isWriting) return
      peer.#deliver()
      if (peer.#held.bytes > 0) this.#isBlocked = true
    })
  }

  pause(): void {
    this.#held.isPaused = true
  }

  resume(): void {
    this.#held.isPaused = false
    this.#deliver()
  }

  /** Does something at the peer's end when what was sent before has arrived there. */
  signal(arrive: (peer: StreamEnd) => void): void {
    this.#carry(controlBytes, arrive)
  }

  close(): void {
    if (this.#isOver) return
    this.signal((peer) => peer.#endBy(DisconnectReason.closed))
    this.#leave()
  }

  reset(reason?: DisconnectReason): void {
    if (this.#isOver) return
    this.#out.drop()
    const { tooLarge, malformed, closed } = DisconnectReason
    // A WebSocket says why, in a close frame.
    const isTold = this.type !== SocketType.tcp && (reason === tooLarge || reason === malformed)
    if (isTold) this.signal((peer) => peer.#endBy(closed))
    else this.signal((peer) => peer.#resetBy(DisconnectReason.reset))
    this.#leave()
  }

  /** Ends, and nobody is told. */
  vanish(): void {
    this.#out.drop()
    this.#leave()
  }

  crash(): void {
    const peer = this.#peer
    this.vanish()
    if (peer !== undefined) peer.#keepAlive(() => true)
  }

  checkKeepAlive(): void {
    // WebSockets have their pings.
    if (this.type === SocketType.tcp) this.#keepAlive(() => this.#out.direction.isCut)
  }

  /** Ends when keep-alive has asked for long enough, and there is no answer. */
  #keepAlive(isUnanswered: () => boolean): void {
    this.#node.network.later(keepAliveMs, () => {
      if (isUnanswered() && !this.#isOver) this.#resetBy(DisconnectReason.timedOut)
    })
  }

  /** Carries what follows what was sent before, in order. */
  #carry(size: number, arrive: (peer: StreamEnd) => void): void {
    this.#out.send(size, () => {
      const peer = this.#peer
      if (peer !== undefined) this.#arriveAt(peer, arrive)
    })
  }

  /** An end that is over answers whatever comes with a reset, unless this end is over too. */
  #arriveAt(peer: StreamEnd, arrive: (peer: StreamEnd) => void): void {
    if (!peer.#isOver) arrive(peer)
    else if (!this.#isOver) peer.signal((self) => self.#resetBy(DisconnectReason.reset))
  }

  #endBy(reason: DisconnectReason): void {
    this.#held.end(reason)
    this.#deliver()
  }

  #resetBy(reason: DisconnectReason): void {
    const events = this.#held.stop()
    this.#leave()
    events?.ended(reason)
  }

  #leave(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#held.stop()
    this.#node.ends.delete(this)
    this.#onEnd()
  }

  #deliver(): void {
    this.#held.deliver()
    const peer = this.#peer
    if (peer !== undefined && this.#held.bytes === 0) peer.#emitDrained()
    if (this.#held.hasEnd && this.#held.events === undefined) this.#leave()
  }

  /** Only for bytes that had to wait. */
  #emitDrained(): void {
    if (!this.#isBlocked || this.pendingBytes > 0) return
    this.#isBlocked = false
    this.#held.events?.drained()
  }
}
