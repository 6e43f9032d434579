import { EarliestTimer } from '../../clock/EarliestTimer.ts'
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
import { type SendableLinks, sendLinksSoon } from '../SendQueue.ts'
import { type DatagramPeer } from './DatagramPeer.ts'
import { type PeerOwner } from './PeerOwner.ts'

/** The reliable links of one UDP socket and their common timer. */
export class ReliableLinks implements SendableLinks {
  /** Whether `sendUdp` uses them, and whether messages are handed out in order. */
  mode: boolean | 'ordered' = false
  readonly #owner: PeerOwner
  /** Peers whose links have something to do later. */
  readonly #busy = new Set<DatagramPeer>()
  readonly #timer = new EarliestTimer()

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
    feedReliable(link, datagram, this.#owner.host.patience.now(), peer, hasRoom)
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
    this.#setBusy(peer, true)
    // What was sent leaves together.
    sendLinksSoon(this.#owner.host.sends, this)
    return 0
  }

  setMode(mode: boolean | 'ordered', peers: Iterable<DatagramPeer>): void {
    this.mode = mode
    for (const peer of peers)
      if (peer.link !== undefined) setReliableOrder(peer.link, mode === 'ordered', peer)
  }

  /** Sends what may be sent now, and no more. */
  close(): void {
    this.run()
    this.#timer.cancel()
    this.#busy.clear()
    this.#owner.host.patience.hold(this, false)
  }

  #createLink(): ReliableLink {
    const { config } = this.#owner.host
    const { isServer, messageBytesMax: takenBytesMax } = this.#owner
    const messageBytesMax = Math.min(config.reliableMessageBytesMax, fragmentsMax * fragmentBytes)
    return createReliableLink({
      createSession: () => this.#createSession(),
      isOrdered: this.mode === 'ordered',
      messageBytesMax,
      takenBytesMax: Math.min(messageBytesMax, takenBytesMax),
      sendQueueBytesMax: config[`${isServer ? 'accepted' : 'client'}SendQueueBytesMax`],
    })
  }

  /** A transport may be on the stack, and `random` is the user's: what it throws comes out of the next tick. */
  #createSession(): number {
    const { config, warner } = this.#owner.host
    let random = 0
    collect(warner.errors, () => (random = config.random()))
    return Math.floor(random * 2 ** 32)
  }

  /** Sends what may be sent now. */
  run(): void {
    const { patience } = this.#owner.host
    const now = patience.now()
    for (const peer of this.#busy) {
      const { link } = peer
      if (link === undefined) this.#setBusy(peer, false)
      else if (nextRunMs(link) <= now) {
        runReliable(link, now, peer, patience.turnedMs)
        this.#schedule(peer, link)
      }
    }
  }

  /** Sets the timer if this link is due before all others. */
  #schedule(peer: DatagramPeer, link: ReliableLink): void {
    const { config, patience } = this.#owner.host
    const nextMs = nextRunMs(link)
    this.#setBusy(peer, nextMs < Infinity)
    // After a turn of the event loop: what acknowledges them may have arrived.
    if (nextMs < Infinity) this.#timer.set(config.clock, nextMs, patience.now(), () => this.#wake())
  }

  #wake(): void {
    const { host } = this.#owner
    if (!host.isAlive()) return
    host.patience.turned()
    this.run()
    for (const peer of this.#busy) if (peer.link !== undefined) this.#schedule(peer, peer.link)
  }

  #setBusy(peer: DatagramPeer, isBusy: boolean): void {
    if (isBusy) this.#busy.add(peer)
    else this.#busy.delete(peer)
    this.#owner.host.patience.hold(this, this.#busy.size > 0)
  }
}
