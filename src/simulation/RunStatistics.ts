import { query, type World } from 'bitecs'
import { Socket, type SocketStore } from '../../components/Socket.ts'
import { observeTraffic } from '../api/observeTraffic.ts'
import { getBufferBytes } from '../buffer/getBufferSize.ts'
import { NetworkType } from '../constants/NetworkType.ts'
import { SocketType, socketTypeName } from '../constants/SocketType.ts'
import { type AsyncLoad } from '../event/AsyncLoad.ts'
import { type DeliveryEnd, type DeliveryObserver } from './DeliveryObserver.ts'
import { EventHash } from './EventHash.ts'
import { type SocketReport, type SpanReport, type TrafficFigures } from './SimulationReport.ts'
import { Tally } from './Tally.ts'

/** Spans of ticks that a report has, at most. */
const spansMax = 240
/** Sockets of a game that are told apart. */
const socketsMax = 16

/** Which sockets of a game are counted together. */
class SocketTally extends Tally {
  readonly type: string
  readonly port: number
  undelivered = 0
  dropped = 0

  constructor(type: string, port: number) {
    super()
    this.type = type
    this.port = port
  }
}

/** A game that is observed. */
interface Observed {
  readonly index: number
  readonly name: string
  /** By port and type. */
  readonly sockets: Map<number, SocketTally>
}

interface Arrived {
  readonly socket: SocketTally
  readonly sentMs: number
}

/** Counts what the worlds of a run send and receive. Its memory stays, however long the run is. */
export class RunStatistics implements DeliveryObserver {
  readonly #games = new Map<string, Observed>()
  readonly #worlds = new Map<World, Observed>()
  /** Of the spans that have ended. */
  readonly #all = new Tally()
  readonly #span = new Tally()
  readonly #spans: SpanReport[] = []
  readonly #spanTicks: number
  readonly #hash = new EventHash()
  readonly #hashesBytes: boolean
  /** What has arrived since the last tick. */
  readonly #arrived: Arrived[] = []
  #tick = 0
  #spanFromMs = 0

  constructor(ticks: number, hashesBytes: boolean) {
    this.#spanTicks = Math.ceil(ticks / spansMax)
    this.#hashesBytes = hashesBytes
  }

  /** Observes a world of a game from now on. */
  observe(name: string, world: World): void {
    let game = this.#games.get(name)
    if (game === undefined) {
      game = { index: this.#games.size, name, sockets: new Map() }
      this.#games.set(name, game)
    }
    this.#worlds.set(world, game)
    const observed = game
    const store = Socket(world)
    observeTraffic(world, {
      received: (events) => {
        for (const load of events) this.#event(observed, store, load)
      },
    })
  }

  /** A world is about to be closed. */
  close(world: World): void {
    const game = this.#worlds.get(world)
    if (game === undefined) return
    const { type, port, localPort, undelivered, dropped } = Socket(world)
    for (const entity of query(world, [Socket])) {
      const lost = (undelivered[entity] ?? 0) + (dropped[entity] ?? 0)
      if (lost === 0) continue
      const own = game.name === 'server' ? localPort[entity]! : port[entity]!
      const socket = socketOf(game, type[entity]!, own)
      socket.undelivered += undelivered[entity] ?? 0
      socket.dropped += dropped[entity] ?? 0
    }
    this.#worlds.delete(world)
  }

  sent(from: DeliveryEnd, size: number, lostPackets: number): void {
    const game = this.#worlds.get(from.world)
    if (game === undefined) return
    socketOf(game, from.type, portOf(game, from)).addSent(size, lostPackets)
    this.#span.addSent(size, lostPackets)
  }

  arrived(at: DeliveryEnd, size: number, sentMs: number): void {
    const game = this.#worlds.get(at.world)
    if (game === undefined) return
    const socket = socketOf(game, at.type, portOf(game, at))
    socket.bytesIn += size
    this.#span.bytesIn += size
    this.#arrived.push({ socket, sentMs })
  }

  /** A tick begins, which handles what has arrived. */
  beginTick(tick: number, nowMs: number): void {
    this.#tick = tick
    for (const { socket, sentMs } of this.#arrived) {
      const ms = nowMs - sentMs
      socket.latency.add(ms)
      this.#span.latency.add(ms)
    }
    this.#arrived.length = 0
  }

  /** It has ended. Returns whether a span has ended with it. */
  endTick(nowMs: number): boolean {
    if (this.#tick % this.#spanTicks !== 0) return false
    this.#endSpan(nowMs)
    return true
  }

  /** What was counted. */
  report(nowMs: number): TrafficFigures & {
    readonly hash: string
    readonly sockets: readonly SocketReport[]
    readonly spans: readonly SpanReport[]
  } {
    if (nowMs > this.#spanFromMs) this.#endSpan(nowMs)
    else this.#foldSpan()
    const sockets = [...this.#games.values()].flatMap(({ name, sockets }) =>
      Array.from(sockets.values(), (socket) => {
        const { type, port, undelivered, dropped } = socket
        return { game: name, type, port, ...socket.figures(), undelivered, dropped }
      }),
    )
    return { ...this.#all.figures(), hash: String(this.#hash), sockets, spans: this.#spans }
  }

  #endSpan(toMs: number): void {
    this.#spans.push({ fromMs: this.#spanFromMs, toMs, ...this.#span.figures() })
    this.#spanFromMs = toMs
    this.#foldSpan()
  }

  #foldSpan(): void {
    this.#all.addAll(this.#span)
    this.#span.clear()
  }

  #event(game: Observed, store: SocketStore, load: AsyncLoad): void {
    const hash = this.#hash
    const isData = load.type === NetworkType.data
    const entity = isData ? load.id : load.socket
    hash.number(this.#tick)
    hash.number(game.index)
    hash.number(load.type)
    hash.number(entity)
    hash.number(load.port)
    if (isData) {
      hash.number(load.size)
      if (this.#hashesBytes) hash.bytes(getBufferBytes(load.buffer))
    } else hash.number(load.succeeded)
    const { type, localPort, server } = store
    const own =
      server[entity] !== undefined || (type[entity] === SocketType.udp && game.name === 'server')
        ? localPort[entity]!
        : load.port
    const socket = socketOf(game, type[entity]!, own)
    socket.events++
    this.#span.events++
  }
}

/** The port of a server that an end is of: over UDP the server is the game of that name. */
function portOf({ name }: Observed, { isAccepted, localPort, remotePort }: DeliveryEnd): number {
  return (isAccepted ?? name === 'server') ? localPort : remotePort
}

function socketOf({ sockets }: Observed, type: number, port: number): SocketTally {
  const key = port * 256 + type
  const found = sockets.get(key)
  if (found !== undefined) return found
  const isFull = sockets.size >= socketsMax
  const ofOthers = isFull ? sockets.get(-1) : undefined
  if (ofOthers !== undefined) return ofOthers
  const made = isFull ? new SocketTally('others', 0) : new SocketTally(socketTypeName(type), port)
  sockets.set(isFull ? -1 : key, made)
  return made
}
