import {
  createReliableLink,
  feedReliable,
  isIdle,
  nextRunMs,
  type ReliableLink,
  runReliable,
  sendReliable,
} from '../../../src/protocol/reliable/ReliableLink.ts'
import { readReliable } from '../../../src/protocol/reliable/reliableDatagram.ts'
import { mulberry32 } from '../../lib/random.ts'
import { BadNetwork, type NetworkFaults } from './BadNetwork.ts'

/** One end and what it has told. */
export interface End {
  link: ReliableLink
  readonly messages: Uint8Array[]
  /** When each message was told. */
  readonly toldMs: number[]
  readonly losses: { readonly cause: string; readonly ms: number }[]
  bytesIn: number
  bytesOut: number
  /** Set to end the process behind it. */
  isDead: boolean
  /** Whether its game takes messages. */
  hasRoom: boolean
  /** Each datagram that it sends. */
  onSend: ((datagram: Uint8Array) => void) | undefined
}

export interface SimulationOptions {
  readonly seed: number
  readonly faults: NetworkFaults
  readonly isOrdered?: boolean
  readonly messageBytesMax?: number
}

/** Two ends, a bad network between them, and time that moves from one thing that happens to the next. */
export class Simulation {
  nowMs = 0
  readonly a: End
  readonly b: End
  readonly random: () => number
  readonly network: BadNetwork<End>
  readonly #options: SimulationOptions

  constructor(options: SimulationOptions) {
    this.#options = options
    this.random = mulberry32(options.seed)
    this.network = new BadNetwork(this.random, options.faults)
    const createEnd = (): End => ({
      link: this.#newLink(),
      messages: [],
      toldMs: [],
      losses: [],
      bytesIn: 0,
      bytesOut: 0,
      isDead: false,
      hasRoom: true,
      onSend: undefined,
    })
    this.a = createEnd()
    this.b = createEnd()
  }

  /** The process behind an end dies, and another one begins at the same address. */
  restart(end: End): void {
    end.link = this.#newLink()
  }

  send(from: End, bytes: Uint8Array): void {
    const result = sendReliable(from.link, bytes)
    if (result !== 'taken') throw new Error(`a message was not taken: ${result}`)
  }

  /** Lets time pass until nothing is left to do, or the end. */
  run(untilMs: number): void {
    for (;;) {
      for (const end of [this.a, this.b])
        if (!end.isDead && nextRunMs(end.link) <= this.nowMs) this.#runEnd(end)
      const nextMs = Math.min(
        this.network.nextMs,
        ...[this.a, this.b].map((end) => (end.isDead ? Infinity : nextRunMs(end.link))),
      )
      if (nextMs > untilMs || nextMs === Infinity) break
      this.nowMs = Math.max(this.nowMs, nextMs)
      while (this.network.nextMs <= this.nowMs) {
        const { to, bytes } = this.network.take()
        if (!to.isDead) this.arriveAt(to, bytes)
      }
    }
    if (untilMs !== Infinity) this.nowMs = untilMs
  }

  get isIdle(): boolean {
    return this.network.size === 0 && isIdle(this.a.link) && isIdle(this.b.link)
  }

  /** Hands a datagram to an end, as the network would. */
  arriveAt(end: End, bytes: Uint8Array): void {
    end.bytesIn += bytes.length
    const datagram = readReliable(bytes)
    if (datagram !== undefined)
      feedReliable(end.link, datagram, this.nowMs, this.#sinkOf(end), end.hasRoom)
  }

  #runEnd(end: End): void {
    runReliable(end.link, this.nowMs, this.#sinkOf(end))
  }

  #sinkOf(end: End): Parameters<typeof runReliable>[2] {
    return {
      send: (datagram) => {
        end.bytesOut += datagram.length
        end.onSend?.(datagram)
        this.network.carry(end === this.a ? this.b : this.a, datagram, this.nowMs)
      },
      message: (bytes) => {
        end.messages.push(bytes)
        end.toldMs.push(this.nowMs)
      },
      lost: (cause) => end.losses.push({ cause, ms: this.nowMs }),
    }
  }

  #newLink(): ReliableLink {
    return createReliableLink({
      createSession: () => Math.floor(this.random() * 2 ** 32),
      isOrdered: this.#options.isOrdered ?? false,
      messageBytesMax: this.#options.messageBytesMax ?? 1 << 20,
      sendQueueBytesMax: 1 << 24,
    })
  }
}
