import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { SocketType } from '../constants/SocketType.ts'
import { HeldMessages } from '../transport/HeldMessages.ts'
import {
  type Connection,
  type ConnectionEvents,
  type MessageLimits,
} from '../transport/Transport.ts'
import { type LinkDirection } from './LinkDirection.ts'
import { type MemoryNode, type NodeEnd } from './MemoryNode.ts'

/** What a system without other settings does of itself: src/transport/node/socketOptions.ts. */
const keepAliveMs = 20_000
/** Bytes that may be on their way, as the buffers of an operating system take them without a word. */
const windowBytes = 4_194_304
/** Bytes of a packet that carries none: its headers count already. */
const controlBytes = 0

/** What an end sends: bytes, or a word to the peer's end. */
interface Segment {
  readonly size: number
  readonly sentMs: number
  readonly arrive: (peer: StreamEnd) => void
}

/** One end of a connection in memory. */
export class StreamEnd implements Connection, NodeEnd {
  readonly remoteIp: string
  readonly remotePort: number
  readonly localPort: number
  #peer: StreamEnd | undefined
  readonly #node: MemoryNode
  readonly #out: LinkDirection
  readonly #type: SocketType
  readonly #held = new HeldMessages()
  readonly #onEnd: () => void
  /** What waits for the line to pass again. */
  readonly #waiting: Segment[] = []
  /** Bytes written that have not left. */
  #leavingBytes = 0
  /** Bytes written that have not arrived. */
  #travellingBytes = 0
  #lastArrivalMs = 0
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
    onEnd: () => void = () => {},
  ) {
    this.#node = node
    this.remoteIp = remoteIp
    this.remotePort = remotePort
    this.localPort = localPort
    this.#out = out
    this.#type = type
    this.#onEnd = onEnd
    node.ends.add(this)
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
    return Math.max(this.#leavingBytes, this.#travellingBytes - windowBytes) + held
  }

  isClosing(): boolean {
    return this.#held.hasEnd
  }

  write(bytes: Uint8Array, messages?: MessageLimits): void {
    if (this.#isOver) return
    // Not `slice`, which of a `Buffer` is no copy.
    const copy = new Uint8Array(bytes)
    if (this.#type === SocketType.tcp) this.#writePieces(copy)
    else if (messages === undefined) this.#writePiece(copy, undefined)
    else
      for (const [index, end] of messages.ends.entries()) {
        const message = copy.subarray(messages.ends[index - 1] ?? 0, end)
        this.#writePiece(message, messages.types[index])
      }
    this.#isBlocked = this.pendingBytes > 0
  }

  #writePieces(bytes: Uint8Array): void {
    const { sliceBytes } = this.#out.conditions
    if (sliceBytes === Infinity) this.#writePiece(bytes, undefined)
    else
      for (let start = 0, end = 0; start < bytes.length; start = end) {
        end = Math.min(bytes.length, start + 1 + this.#out.drawBelow(sliceBytes))
        this.#writePiece(bytes.subarray(start, end), undefined)
      }
  }

  #writePiece(bytes: Uint8Array, type: MessageType | undefined): void {
    this.#send(bytes.length, (peer) => {
      peer.#held.push(bytes, type)
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

  ping(): void {
    this.signal((peer) => peer.signal((self) => self.#held.events?.alive()))
  }

  /** Does something at the peer's end when what was sent before has arrived there. */
  signal(arrive: (peer: StreamEnd) => void): void {
    this.#send(controlBytes, arrive)
  }

  close(): void {
    this.signal((peer) => peer.#endBy(DisconnectReason.closed))
    this.#leave()
  }

  reset(): void {
    this.#waiting.length = 0
    this.signal((peer) => peer.#resetBy(DisconnectReason.reset))
    this.#leave()
  }

  vanish(): void {
    this.#waiting.length = 0
    this.#leave()
  }

  /** Ends, unless it has answered meanwhile, when the line has been cut for as long as keep-alive takes. */
  checkKeepAlive(): void {
    if (this.#type !== SocketType.tcp) return
    const { network } = this.#node
    network.deliveries.add(network.now() + keepAliveMs, () => {
      if (this.#out.isCut && !this.#isOver) this.#resetBy(DisconnectReason.timedOut)
    })
  }

  /** Carries what follows what was sent before, in order. */
  #send(size: number, arrive: (peer: StreamEnd) => void): void {
    const sentMs = this.#node.network.now()
    this.#leavingBytes += size
    this.#travellingBytes += size
    this.#waiting.push({ size, sentMs, arrive })
    if (this.#waiting.length === 1) this.#pump()
  }

  #pump(): void {
    const { network } = this.#node
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#out.isCut) {
        network.onHealed(this.#out, () => this.#retry())
        return
      }
      this.#waiting.shift()
      this.#carry(next)
    }
  }

  /** The line passes again: what waits leaves when its sender tries again. */
  #retry(): void {
    const first = this.#waiting[0]
    if (first === undefined) return
    const { network } = this.#node
    const tryMs = this.#out.nextTryMs(first.sentMs, network.now())
    network.deliveries.add(tryMs, () => this.#pump())
  }

  #carry({ size, arrive }: Segment): void {
    const { network } = this.#node
    const { leavesMs, arrivesMs } = this.#out.sendSegment(network.now(), size)
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrivesMs)
    const peer = this.#peer
    if (size > 0) network.deliveries.add(leavesMs, () => this.#left(size))
    network.deliveries.add(this.#lastArrivalMs, () => {
      this.#travellingBytes -= size
      if (peer !== undefined) this.#arriveAt(peer, arrive)
      this.#emitDrained()
    })
  }

  /** An end that is over answers whatever comes with a reset, unless this end is over too. */
  #arriveAt(peer: StreamEnd, arrive: (peer: StreamEnd) => void): void {
    if (!peer.#isOver) arrive(peer)
    else if (!this.#isOver) peer.signal((self) => self.#resetBy(DisconnectReason.reset))
  }

  #left(size: number): void {
    this.#leavingBytes -= size
    this.#emitDrained()
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
