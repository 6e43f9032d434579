// The server of a row in a process of its own, so that nothing of the test is in its memory or its event loop.

import { addEntity, createWorld, type EntityId, getAllEntities, query, type World } from 'bitecs'
import {
  closeNetwork,
  createServer,
  destroySocket,
  type NetworkConfig,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendRaw,
  type ServerOptions,
  setNetworkConfig,
  Socket,
  SocketType,
  startTicks,
  type Ticks,
} from 'bitecs-networking'
import { setTimeout as delay } from 'node:timers/promises'
import { type Way } from './visit.ts'

/** What is served. */
export interface Opening {
  readonly way: Way
  readonly port?: number
  readonly options?: ServerOptions
  readonly config?: Partial<NetworkConfig>
}

/** What has happened since the process began; the ticks since `reset`. */
export interface ServerReport {
  readonly heapUsed: number
  readonly rss: number
  readonly arrayBuffers: number
  /** The names of what keeps the process alive, but for timers and the pipes to the test. */
  readonly handles: string
  readonly sockets: number
  readonly entities: number
  readonly connects: number
  readonly disconnects: number
  /** Connections that were there at the same time, at most, at any event. */
  readonly openMax: number
  readonly refused: number
  readonly failedHandshakes: number
  /** Between the beginnings of two ticks, in milliseconds. */
  readonly tickP99: number
  readonly tickMax: number
  /** Warnings of the process, such as that of too many listeners. */
  readonly processWarnings: number
}

/** Resources that are not handles of the library. */
const others = /^(?:Timeout|Immediate|PipeWrap)$/

export const world: World = createWorld()
const counts = { connects: 0, disconnects: 0, openMax: 0, processWarnings: 0 }
let server = 0
let isRaw = false
let ticks: Ticks | undefined
let gaps: number[] = []
let lastTick = 0

export const serverAnswers = {
  /** Serves, and sends messages back to who has sent them. Returns the port. */
  open({ way, port = 0, options = {}, config = {} }: Opening): number {
    if (ticks === undefined) start()
    setNetworkConfig(world, { warn: () => {}, ...config })
    isRaw = options.raw === true
    server = createServer(world, SocketType[way], port, options)
    if (server < 0) throw new Error(`createServer: ${server}`)
    return Socket(world).port[server]!
  },

  /** Forgets how long ticks took. */
  reset(): void {
    gaps = []
    lastTick = performance.now()
  },

  /** What is there now. */
  glance: (): ServerReport => report(),

  /** What is there when the garbage collector has run. */
  async report(): Promise<ServerReport> {
    for (let run = 0; run < 2; run++) {
      globalThis.gc?.()
      await delay(100)
    }
    return report()
  },

  /** Destroys the server that was opened last. */
  destroy(): void {
    destroySocket(world, server)
  },

  /** Closes all. The process ends by itself then, for the test does not keep it. */
  shutDown(): void {
    process.channel?.unref()
    closeNetwork(world)
    ticks?.stop()
  },
}

/** Sends as the server wants it, raw or in packets. */
export function send(
  socket: EntityId,
  bytes: Parameters<typeof sendPacket>[2],
  size: number,
): number {
  return isRaw ? sendRaw(world, socket, bytes, { size }) : sendPacket(world, socket, bytes, size)
}

function start(): void {
  process.on('warning', () => counts.processWarnings++)
  onNetworking(world, addEntity(world), (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.connect) {
      counts.connects++
      counts.openMax = Math.max(counts.openMax, counts.connects - counts.disconnects)
    } else if (asyncLoad.type === NetworkType.disconnect) counts.disconnects++
    else if (asyncLoad.type === NetworkType.data)
      send(asyncLoad.id, asyncLoad.buffer, asyncLoad.size)
  })
  ticks = startTicks(tick, { hz: 60, warn: () => {} })
}

function tick(): void {
  const now = performance.now()
  gaps.push(now - lastTick)
  lastTick = now
  NetworkSystem(world)
}

function report(): ServerReport {
  const { heapUsed, rss, arrayBuffers } = process.memoryUsage()
  const sorted = Float64Array.from(gaps).sort()
  const { refused, failedHandshakes } = Socket(world)
  return {
    heapUsed,
    rss,
    arrayBuffers,
    handles: process
      .getActiveResourcesInfo()
      .filter((name) => !others.test(name))
      .sort()
      .join(' '),
    sockets: query(world, [Socket]).length,
    entities: getAllEntities(world).length,
    ...counts,
    refused: refused[server] ?? 0,
    failedHandshakes: failedHandshakes[server] ?? 0,
    tickP99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    tickMax: sorted.at(-1) ?? 0,
  }
}
