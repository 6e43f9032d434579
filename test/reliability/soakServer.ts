// The servers of the long soak: a game of the main face.

import { createWorld, type EntityId, getAllEntities, query, removeEntity, type World } from 'bitecs'
import {
  type AsyncLoad,
  BufferType,
  createServer,
  destroySocket,
  NetworkError,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  sendPacket,
  sendRaw,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import { networkOf } from '../../src/network/networkOf.ts'
import { localCertificate } from '../lib/certificates.ts'
import {
  type Line,
  type LineName,
  lineNames,
  lines,
  nameOf,
  orderedError,
  orders,
  sendersMax,
} from './soakLines.ts'
import { answerLines, bad, GoneObjects, measure, type Measured, noteBad } from './AskedProgram.ts'

/** What a server says of itself. */
export interface ServerReport extends Measured {
  readonly ports: Readonly<Partial<Record<LineName, number>>>
  /** How many there are of what it makes, by kind. */
  readonly things: Readonly<Record<string, number>>
  /** What has happened, by kind. */
  readonly counts: Readonly<Record<string, number>>
  /** Sockets that are gone, their events and buffers, which something still keeps. */
  readonly kept: number
  readonly bad: readonly string[]
}

/** A connection of the game: itself, and events of it and their buffers, all of which nothing may keep. */
interface Player {
  readonly server: EntityId
  readonly objects: WeakRef<object>[]
}

const objectsMax = 8

/** A game that sends back what it gets, does what it is ordered to, and knows its players. */
class SoakGame {
  readonly world: World = createWorld()
  readonly counts = { connects: 0, disconnects: 0, messages: 0, full: 0, thrown: 0, warnings: 0 }
  readonly #servers = new Map<LineName, EntityId>()
  readonly #ports: Partial<Record<LineName, number>> = {}
  readonly #players = new Map<EntityId, Player>()
  readonly #gone = new GoneObjects()

  constructor() {
    setNetworkConfig(this.world, { sendersMax, warn: () => this.counts.warnings++ })
    for (const name of lineNames) this.#listen(name)
  }

  tick(): void {
    try {
      NetworkSystem(this.world)
    } catch (error) {
      this.counts.thrown += countOrdered(error)
    }
  }

  restart(name: LineName): void {
    const server = this.#servers.get(name)!
    destroySocket(this.world, server)
    for (const [socket, player] of this.#players) if (player.server === server) this.#forget(socket)
    this.#listen(name)
  }

  async report(): Promise<ServerReport> {
    const measured = await measure()
    const { world, counts } = this
    const things = {
      entities: getAllEntities(world).length,
      sockets: query(world, [Socket]).length,
      players: this.#players.size,
    }
    return { ...measured, ports: this.#ports, things, counts, kept: this.#gone.count(), bad }
  }

  #listen(name: LineName): void {
    const { world } = this
    const line: Line = lines[name]
    const { type, isRaw = false } = line
    const isSecure = type === SocketType.wss
    const options = {
      ...(isRaw && { raw: true }),
      ...(isSecure && { certificate: localCertificate }),
    }
    const server = createServer(world, type, this.#ports[name] ?? 0, options)
    if (server < 0) {
      noteBad(`${name} cannot listen: ${server}`)
      return
    }
    if (line.isReliable === true) setNetworkConfig(world, server, { reliable: 'ordered' })
    this.#servers.set(name, server)
    this.#ports[name] = Socket(world).port[server]!
    onNetworking(world, server, (_world, _self, asyncLoad) =>
      this.#onEvent(line, server, asyncLoad),
    )
  }

  #onEvent(line: Line, server: EntityId, asyncLoad: AsyncLoad): void {
    const { counts } = this
    if (asyncLoad.type === NetworkType.connect) {
      counts.connects++
      const { socket } = asyncLoad
      const itself = networkOf('soak', this.world).sockets.get(socket)!
      this.#players.set(socket, { server, objects: [new WeakRef(asyncLoad), new WeakRef(itself)] })
    } else if (asyncLoad.type === NetworkType.data) {
      counts.messages++
      if (line.type !== SocketType.udp) this.#noteEvent(asyncLoad.id, asyncLoad)
      const result = this.#answer(line, asyncLoad)
      if (result === NetworkError.sendQueueFull) counts.full++
    } else if (asyncLoad.type === NetworkType.disconnect && line.type !== SocketType.udp) {
      counts.disconnects++
      this.#noteEvent(asyncLoad.socket, asyncLoad)
      this.#forget(asyncLoad.socket)
    }
  }

  #noteEvent(socket: EntityId, asyncLoad: AsyncLoad): void {
    const player = this.#players.get(socket)
    if (player === undefined) noteBad(`event ${asyncLoad.type} of a socket that is gone`)
    else if (player.objects.length < objectsMax) {
      player.objects.push(new WeakRef(asyncLoad))
      if (asyncLoad.type === NetworkType.data) player.objects.push(new WeakRef(asyncLoad.buffer))
    }
  }

  #forget(socket: EntityId): void {
    this.#gone.add(this.#players.get(socket)?.objects ?? [])
    this.#players.delete(socket)
  }

  #answer(line: Line, asyncLoad: AsyncLoad): number {
    const { world } = this
    if (asyncLoad.type !== NetworkType.data) return 0
    const { id, ip, port, buffer, size } = asyncLoad
    if (line.isRaw === true) return sendRaw(world, id, buffer, { size })
    const isUdp = line.type === SocketType.udp
    const number = readBuffer(buffer, BufferType.u32)
    if (number === orders.throwError) throw new Error(orderedError)
    if (number === orders.removeMe && !isUdp) {
      removeEntity(world, id)
      this.#forget(id)
      return 0
    }
    return isUdp ? sendUdp(world, id, ip, port, buffer, size) : sendPacket(world, id, buffer, size)
  }
}

/** How many errors were ordered. The others are bad. */
export function countOrdered(error: unknown): number {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error]
  for (const each of errors)
    if ((each as Error).message !== orderedError) noteBad(`a tick throws: ${String(each)}`)
  return errors.length
}

export function serveMain(): void {
  const game = new SoakGame()
  startTicks(() => game.tick(), { hz: 60, warn() {} })
  answerLines({ report: () => game.report(), restart: (name) => game.restart(nameOf(name)) })
}
