// Peers of the long soak, in a process of their own: each comes, talks, goes, and comes again. What it sends must come back
// once, in order.

import { createWorld, type EntityId, getAllEntities, query, type World } from 'bitecs'
import {
  type AsyncLoad,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  getBufferBytes,
  networkErrorName,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendRaw,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import { setTimeout as delay } from 'node:timers/promises'
import { authority } from '../lib/certificates.ts'
import { Noise } from '../lib/noise.ts'
import { type Line, type LineName, lines, messageOf, streamBytes } from './soakLines.ts'
import { answerLines, bad, measure, type Measured, noteBad } from './AskedProgram.ts'

/** A line of a server, and its port. */
interface Goal {
  readonly game: string
  readonly name: LineName
  readonly port: number
}

/** What a process of peers is started with, in JSON. */
export interface CrowdOptions {
  readonly goals: readonly Goal[]
  readonly count: number
  readonly seed: number
  /** The second number of its addresses, which no other process has. */
  readonly net: number
}

/** What a process of peers says of itself. */
export interface CrowdReport extends Measured {
  readonly counts: typeof counts
  readonly things: Readonly<Record<string, number>>
  readonly bad: readonly string[]
}

const counts = { visits: 0, sent: 0, cameBack: 0, lostDatagrams: 0, inside: 0 }

/** A visit lasts up to this long, most much shorter. */
const visitMs = 12_000
const pauseMs = 500
const talkMs = 300
/** What has been sent comes back before. */
const answerMs = 30_000
const certificates = { ca: authority }

const world: World = createWorld()
const state = { isStopped: false }
const addresses = { count: 0 }

/** One visit of a peer to a server. */
class Visit {
  readonly #goal: Goal
  readonly #line: Line
  readonly #socket: EntityId
  #result = 0
  #isLost = false
  /** The number of the next message, and of the next that comes back; of raw bytes the next place in the stream. */
  #next = 0
  #nextBack = 0

  constructor(goal: Goal, net: number, avoidTimeWait: boolean) {
    this.#goal = goal
    this.#line = lines[goal.name]
    const { type, isReliable = false } = this.#line
    if (type === SocketType.udp) {
      this.#socket = createServer(world, type, 0, { host: nextAddress(net) })
      setNetworkConfig(world, this.#socket, { reliable: isReliable && 'ordered' })
    } else {
      this.#socket = createSocket(world, type)
      setNetworkConfig(world, this.#socket, { avoidTimeWait })
    }
    onNetworking(world, this.#socket, (_world, _self, asyncLoad) => this.#onEvent(asyncLoad))
  }

  get #isUdp(): boolean {
    return this.#line.type === SocketType.udp
  }

  get #isWhole(): boolean {
    return this.#isLost || this.#nextBack === this.#next
  }

  async play(noise: Noise): Promise<void> {
    counts.visits++
    counts.inside++
    try {
      if (await this.#connect()) await this.#talk(noise)
    } finally {
      destroySocket(world, this.#socket)
      counts.inside--
    }
  }

  async #connect(): Promise<boolean> {
    if (this.#isUdp) return this.#socket >= 0
    const { type, isRaw = false } = this.#line
    const options = { raw: isRaw, timeoutMs: 20_000, ...(type === SocketType.wss && certificates) }
    this.#result = await connectSocket(world, this.#socket, '127.0.0.1', this.#goal.port, options)
    if (this.#result < 0) this.#noteBad(`cannot connect: ${networkErrorName(this.#result)}`)
    return this.#result >= 0
  }

  async #talk(noise: Noise): Promise<void> {
    const luck = noise.below(1_000) / 1_000
    const end = performance.now() + visitMs * luck ** 2
    while (performance.now() < end && !this.#isLost && !state.isStopped) {
      this.#send()
      await delay(noise.below(talkMs * 2))
    }
    // Some go in the middle of it. Over UDP what they leave behind would be repeated for 10 s.
    if (noise.isLucky(0.1) && !this.#isUdp) return
    const limit = performance.now() + answerMs
    const isExact = !this.#isUdp || this.#line.isReliable === true
    if (!isExact) {
      counts.lostDatagrams += this.#next - this.#nextBack
      return
    }
    while (!this.#isWhole && performance.now() < limit) await delay(20)
    if (!this.#isWhole) this.#noteBad(`${this.#nextBack} of ${this.#next} came back`)
  }

  #send(): void {
    const { isRaw = false } = this.#line
    const isShort = this.#isUdp && this.#line.isReliable !== true
    const bytes = isRaw
      ? streamBytes(this.#next, messageOf(counts.sent, true).length)
      : messageOf(this.#next, !isShort)
    const result = this.#sendBytes(bytes)
    if (result < 0) {
      this.#noteBad(`cannot send: ${networkErrorName(result)}`)
      return
    }
    counts.sent++
    this.#next += isRaw ? bytes.length : 1
  }

  #sendBytes(bytes: Uint8Array): number {
    if (this.#line.isRaw === true) return sendRaw(world, this.#socket, bytes)
    if (!this.#isUdp) return sendPacket(world, this.#socket, bytes)
    return sendUdp(world, this.#socket, '127.0.0.1', this.#goal.port, bytes)
  }

  #onEvent(asyncLoad: AsyncLoad): void {
    if (asyncLoad.type !== NetworkType.data) {
      this.#isLost = true
      const reason = Socket(world).disconnectReason[this.#socket]
      this.#noteBad(
        `event ${asyncLoad.type}, reason ${reason}, ${this.#nextBack} of ${this.#next} came back`,
      )
      return
    }
    counts.cameBack++
    const bytes = getBufferBytes(asyncLoad.buffer)
    if (this.#line.isRaw === true) this.#take(bytes, streamBytes(this.#nextBack, bytes.length))
    else if (this.#isUdp && this.#line.isReliable !== true) this.#takeDatagram(bytes)
    else this.#take(bytes, messageOf(this.#nextBack, true))
  }

  #take(bytes: Uint8Array, expected: Uint8Array): void {
    if (Buffer.compare(bytes, expected) !== 0) this.#noteBad(`not number ${this.#nextBack}`)
    this.#nextBack += this.#line.isRaw === true ? bytes.length : 1
  }

  /** Some may be lost, but none is doubled, and on one machine none overtakes another. */
  #takeDatagram(bytes: Uint8Array): void {
    const number = Buffer.from(bytes).readUInt32LE()
    const isWhole = Buffer.compare(bytes, messageOf(number, false)) === 0
    if (!isWhole || number < this.#nextBack) this.#noteBad(`datagram ${number} is wrong`)
    counts.lostDatagrams += number - this.#nextBack
    this.#nextBack = number + 1
  }

  #noteBad(what: string): void {
    noteBad(`${this.#goal.name} of ${this.#goal.game}: ${what}`)
  }
}

/** An address of this machine that no peer has had: nobody gets what is still sent to one that has gone. */
function nextAddress(net: number): string {
  const number = ++addresses.count
  return `127.${net}.${number >> 8}.${number & 255}`
}

async function live(goal: Goal, net: number, noise: Noise): Promise<void> {
  while (!state.isStopped) {
    await delay(noise.below(pauseMs))
    await new Visit(goal, net, noise.isLucky(0.5)).play(noise)
  }
}

async function report(): Promise<CrowdReport> {
  const measured = await measure()
  const things = {
    entities: getAllEntities(world).length,
    sockets: query(world, [Socket]).length,
  }
  return { ...measured, counts, things, bad }
}

export function playPeers(argument: string): void {
  const { goals, count, seed, net } = JSON.parse(argument) as CrowdOptions
  const noise = new Noise(seed)
  setNetworkConfig(world, { clientDisconnectEvents: true, warn() {} })
  startTicks(() => NetworkSystem(world), {
    hz: 30,
    warn() {},
    onError: (error) => noteBad(String(error)),
  })
  const lives = Array.from({ length: count }, (_, index) =>
    live(goals[index % goals.length]!, net, noise.next()),
  )
  answerLines({
    report,
    stop: async () => {
      state.isStopped = true
      await Promise.all(lives)
      return report()
    },
  })
}
