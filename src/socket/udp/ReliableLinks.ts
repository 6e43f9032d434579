import { NetworkError } from '../../constants/NetworkError.ts'
import { collect } from '../../errors/collect.ts'
import {
  createReliableLink,
  feedReliable,
  nextRunMs,
  type ReliableLink,
  runReliable,
  sendReliable,
  setReliableOrder,
} from '../../protocol/reliable/ReliableLink.ts'
import {
  fragmentBytes,
  fragmentsMax,
  readReliable,
} from '../../protocol/reliable/reliableDatagram.ts'
import { type DatagramPeer } from './DatagramPeer.ts'
import { type PeerOwner } from './PeerOwner.ts'

/** The reliable links of one UDP socket and their common timer. */
export class ReliableLinks {
  /** Whether `sendUdp` uses them, and whether messages are handed out in order. */
  mode: boolean | 'ordered' = false
  readonly #owner: PeerOwner
  /** Peers whose links have something to do later. */
  readonly #busy = new Set<DatagramPeer>()
  #cancelTimer: (() => void) | undefined
  #timerMs = Infinity
  #isRunDue = false

  constructor(owner: PeerOwner) {
    this.#owner = owner
  }

  /** Takes a datagram if it belongs to the reliable layer; `false` if it is another's. */
  take(peer: DatagramPeer, bytes: Uint8Array, hasRoom: boolean): boolean {
    if (this.mode === false && peer.link === undefined) return false
    const datagram = readReliable(bytes)
    if (datagram === undefined) return false
    const isFirst = datagram.kind === 'data' && datagram.isOpening && peer.isKept
    if (peer.link === undefined && !isFirst) return true
    const link = (peer.link ??= this.#createLink())
    feedReliable(link, datagram, this.#now(), peer, hasRoom)
    this.#schedule(peer, link)
    return true
  }

  /** Sends a message; the bytes must not change any more. */
  send(peer: DatagramPeer, bytes: Uint8Array): 0 | NetworkError {
    if (!peer.isKept) return NetworkError.sendQueueFull
    const link = (peer.link ??= this.#createLink())
    const result = sendReliable(link, bytes)
    if (result === 'full') return NetworkError.sendQueueFull
    if (result === 'tooLarge') return NetworkError.tooLarge
    this.#busy.add(peer)
    this.#runSoon()
    return 0
  }

  setMode(mode: boolean | 'ordered', peers: Iterable<DatagramPeer>): void {
    this.mode = mode
    for (const peer of peers)
      if (peer.link !== undefined) setReliableOrder(peer.link, mode === 'ordered', peer)
  }

  /** Sends what may be sent now, and no more. */
  close(): void {
    this.#run()
    this.#cancelTimer?.()
    this.#busy.clear()
  }

  #createLink(): ReliableLink {
    const { config } = this.#owner.host
    const { isServer } = this.#owner
    return createReliableLink({
      createSession: () => this.#createSession(),
      isOrdered: this.mode === 'ordered',
      messageBytesMax: Math.min(config.reliableMessageBytesMax, fragmentsMax * fragmentBytes),
      sendQueueBytesMax: isServer
        ? config.acceptedSendQueueBytesMax
        : config.clientSendQueueBytesMax,
    })
  }

  /** A transport may be on the stack, and `random` is the user's: what it throws comes out of the next tick. */
  #createSession(): number {
    const { config, warner } = this.#owner.host
    let random = 0
    collect(warner.errors, () => (random = config.random()))
    return Math.floor(random * 2 ** 32)
  }

  /** What was sent leaves together, when the running synchronous code ends. */
  #runSoon(): void {
    if (this.#isRunDue) return
    this.#isRunDue = true
    queueMicrotask(() => {
      this.#isRunDue = false
      if (this.#owner.host.isAlive()) this.#run()
    })
  }

  #run(): void {
    const now = this.#now()
    for (const peer of this.#busy) {
      const { link } = peer
      if (link === undefined) this.#busy.delete(peer)
      else if (nextRunMs(link) <= now) {
        runReliable(link, now, peer)
        this.#schedule(peer, link)
      }
    }
  }

  /** Sets the timer if this link is due before all others. */
  #schedule(peer: DatagramPeer, link: ReliableLink): void {
    const nextMs = nextRunMs(link)
    if (nextMs === Infinity) {
      this.#busy.delete(peer)
      return
    }
    this.#busy.add(peer)
    const now = this.#now()
    const dueMs = Math.max(nextMs, now)
    if (dueMs >= this.#timerMs) return
    this.#cancelTimer?.()
    this.#timerMs = dueMs
    this.#cancelTimer = this.#owner.host.config.clock.setTimer(() => {
      this.#timerMs = Infinity
      this.#cancelTimer = undefined
      if (!this.#owner.host.isAlive()) return
      this.#run()
      for (const other of this.#busy)
        if (other.link !== undefined) this.#schedule(other, other.link)
    }, dueMs - now)
  }

  #now(): number {
    return this.#owner.host.config.clock.now()
  }
}
