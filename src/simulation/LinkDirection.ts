// One direction of a link: when what is sent arrives. Pure: it has no clock, and sends nothing.

import { drawJitter } from './jitter.ts'
import { isPerfect, type LinkConditions, perfectLine } from './LinkConditions.ts'

/** Takes the time at which a datagram arrives, and whether a byte of it has changed. */
export type Arrives = (atMs: number, isCorrupt: boolean) => void

/** Headers of IP and UDP or TCP that travel with every packet. */
const headerBytes = 40
/** A sender waits at least this long for an acknowledgement (Linux; RFC 6298 section 2.4 advises a second). */
const retransmitMinMs = 200
const retransmitMaxMs = 60_000
/** Repetitions of one packet: a line that loses everything must not hold a run for ever. */
const repetitionsMax = 30

/** What was said of some links. What is `undefined` follows what was said of more of them. */
export interface LinkState {
  conditions: LinkConditions | undefined
  /** Whether nothing passes. */
  isCut: boolean | undefined
}

/** What the directions of a network share. */
export interface LinkTotals {
  /** Packets lost, also those of connections, which are sent again. */
  lostPackets: number
  /** Counts changes of any `LinkState`. */
  changes: number
}

export class LinkDirection {
  readonly #states: readonly LinkState[]
  readonly #random: () => number
  readonly #totals: LinkTotals
  #isBurst = false
  /** What `#states` said when there had been so many changes. */
  #changes = -1
  #conditions: LinkConditions = perfectLine
  #isCut = false
  #isPerfect = true
  /** When the last byte that was sent has left. */
  #freeMs = 0
  /** Packets lost in this direction. */
  lostPackets = 0

  /**
   * @param states what was said of it, the most particular first
   */
  constructor(states: readonly LinkState[], random: () => number, totals: LinkTotals) {
    this.#states = states
    this.#random = random
    this.#totals = totals
  }

  get conditions(): LinkConditions {
    this.#look()
    return this.#conditions
  }

  /** Nothing passes. */
  get isCut(): boolean {
    this.#look()
    return this.#isCut
  }

  /** Everything arrives at once. */
  get isPerfect(): boolean {
    this.#look()
    return this.#isPerfect
  }

  /** Looks at its states again, if any has changed: it is asked several times for each packet. */
  #look(): void {
    const { changes } = this.#totals
    if (changes === this.#changes) return
    this.#changes = changes
    const states = this.#states
    this.#conditions =
      states.find(({ conditions }) => conditions !== undefined)?.conditions ?? perfectLine
    this.#isCut = states.find(({ isCut }) => isCut !== undefined)?.isCut ?? false
    this.#isPerfect = !this.#isCut && isPerfect(this.#conditions)
  }

  /** Sends a datagram: calls `arrives` for each time it arrives. */
  sendDatagram(nowMs: number, size: number, arrives: Arrives): void {
    const { conditions } = this
    const { duplicate, corrupt, reorder } = conditions
    const copies = this.#isLucky(duplicate) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const wireBytes = size + packetsOf(conditions, size) * headerBytes
      const leavesMs = this.#leave(conditions, nowMs, wireBytes, true)
      if (leavesMs === undefined || this.#isLost(conditions, size) || this.isCut) this.#countLost(1)
      else {
        const travelMs = this.#isLucky(reorder) ? 0 : this.#travelMs(conditions)
        arrives(leavesMs + travelMs, this.#isLucky(corrupt))
      }
    }
  }

  /**
   * Sends bytes of a connection. Returns when they have left, and when all have arrived: late, if packets had to be sent again,
   * after twice as long each time that none of them arrives.
   */
  sendSegment(
    nowMs: number,
    size: number,
  ): { readonly leavesMs: number; readonly arrivesMs: number } {
    const { conditions } = this
    // Pieces share packets, however small they are.
    const fullPackets = size / (conditions.mtu - headerBytes)
    const wireBytes = size + headerBytes * (size === 0 ? 1 : fullPackets)
    const leavesMs = this.#leave(conditions, nowMs, wireBytes, false) ?? nowMs
    let sentMs = leavesMs
    let timeoutMs = this.retransmitMs()
    let missing = this.#spoiledOf(conditions, packetsOf(conditions, size))
    for (let tries = 0; missing > 0 && tries < repetitionsMax; tries++) {
      this.#countLost(missing)
      sentMs += timeoutMs
      const before = missing
      missing = this.#spoiledOf(conditions, missing)
      timeoutMs = missing < before ? this.retransmitMs() : Math.min(timeoutMs * 2, retransmitMaxMs)
    }
    return { leavesMs, arrivesMs: sentMs + this.#travelMs(conditions) }
  }

  /** When a sender that has tried since `sinceMs` tries again, `nowMs` or later. It waits twice as long each time. */
  nextTryMs(sinceMs: number, nowMs: number): number {
    let timeoutMs = this.retransmitMs()
    let tryMs = sinceMs + timeoutMs
    while (tryMs < nowMs) {
      timeoutMs = Math.min(timeoutMs * 2, retransmitMaxMs)
      tryMs += timeoutMs
    }
    return tryMs
  }

  /** How long a sender waits for an acknowledgement: the round trip, and four times its variation (RFC 6298 section 2). */
  retransmitMs(): number {
    const { latencyMs, jitterMs } = this.conditions
    return Math.max(retransmitMinMs, 2 * latencyMs + 4 * jitterMs)
  }

  #countLost(packets: number): void {
    this.lostPackets += packets
    this.#totals.lostPackets += packets
  }

  /** How many of some packets are lost or corrupt. */
  #spoiledOf(conditions: LinkConditions, packets: number): number {
    let spoiled = 0
    for (let left = packets; left > 0; left--)
      if (this.#isPacketLost(conditions) || this.#isLucky(conditions.corrupt)) spoiled++
    return spoiled
  }

  /** When the last byte leaves; `undefined` if it is dropped, since too much waits already. */
  #leave(
    { bytesPerSecond, queueBytes }: LinkConditions,
    nowMs: number,
    wireBytes: number,
    isDroppable: boolean,
  ): number | undefined {
    if (bytesPerSecond === Infinity) return nowMs
    const beginsMs = Math.max(nowMs, this.#freeMs)
    const waitingBytes = ((beginsMs - nowMs) * bytesPerSecond) / 1_000
    if (isDroppable && waitingBytes > queueBytes) return undefined
    this.#freeMs = beginsMs + (wireBytes * 1_000) / bytesPerSecond
    return this.#freeMs
  }

  #travelMs({ latencyMs, jitterMs, jitter }: LinkConditions): number {
    if (jitterMs === 0) return latencyMs
    return Math.max(0, latencyMs + jitterMs * drawJitter(jitter, this.#random()))
  }

  /** Whether any packet of `size` bytes is lost. */
  #isLost(conditions: LinkConditions, size: number): boolean {
    let isLost = false
    for (let left = packetsOf(conditions, size); left > 0; left--)
      isLost = this.#isPacketLost(conditions) || isLost
    return isLost
  }

  #isPacketLost({ loss, burst }: LinkConditions): boolean {
    if (burst !== false) {
      const turns = this.#isBurst ? burst.end : burst.start
      if (this.#isLucky(turns)) this.#isBurst = !this.#isBurst
      if (this.#isBurst && this.#isLucky(burst.loss)) return true
    }
    return this.#isLucky(loss)
  }

  /** Nothing is drawn for what never happens, or always. */
  #isLucky(chance: number): boolean {
    return chance > 0 && (chance >= 1 || this.#random() < chance)
  }

  /** The pieces in which bytes of a stream travel: views of them. */
  piecesOf(bytes: Uint8Array): readonly Uint8Array[] {
    const { sliceBytes } = this.conditions
    if (sliceBytes === Infinity) return [bytes]
    const pieces: Uint8Array[] = []
    for (let start = 0, end = 0; start < bytes.length; start = end) {
      end = Math.min(bytes.length, start + 1 + this.#drawBelow(sliceBytes))
      pieces.push(bytes.subarray(start, end))
    }
    return pieces
  }

  /** The bytes of a datagram as they arrive, in memory of their own. */
  copyOf(bytes: Uint8Array, isCorrupt: boolean): Uint8Array {
    // Not `slice`, which of a `Buffer` is no copy.
    const copy = new Uint8Array(bytes)
    if (isCorrupt) this.damage(copy)
    return copy
  }

  /** Changes a byte, if there is one. */
  damage(bytes: Uint8Array): void {
    if (bytes.length > 0) bytes[this.#drawBelow(bytes.length)]! ^= 1 + this.#drawBelow(255)
  }

  /** A random whole number below `limit`. */
  #drawBelow(limit: number): number {
    return Math.floor(this.#random() * limit)
  }
}

function packetsOf({ mtu }: LinkConditions, size: number): number {
  return Math.max(1, Math.ceil(size / (mtu - headerBytes)))
}
