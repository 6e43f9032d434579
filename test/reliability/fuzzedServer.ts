// A server of every kind in a process of its own, which strangers send anything to.

import { addEntity, createWorld, type EntityId, query } from 'bitecs'
import {
  type AsyncLoad,
  BufferType,
  createServer,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  sendPacket,
  sendRaw,
  sendUdp,
  type ServerOptions,
  setNetworkConfig,
  Socket,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import { setTimeout as delay } from 'node:timers/promises'

interface Served {
  readonly type: SocketType
  readonly options: ServerOptions
  readonly reliable?: boolean | 'ordered'
}

export type ServedName =
  'discard' | 'hands' | 'close' | 'raw' | 'ws' | 'wsRaw' | 'udp' | 'reliable' | 'ordered'

/** The servers that there are. */
export const served: Readonly<Record<ServedName, Served>> = {
  discard: { type: SocketType.tcp, options: { malformed: 'discard' } },
  hands: { type: SocketType.tcp, options: { malformed: 'raw' } },
  close: { type: SocketType.tcp, options: { malformed: 'close', messageBytesMax: 65_536 } },
  raw: { type: SocketType.tcp, options: { raw: true } },
  ws: { type: SocketType.ws, options: { path: '/game' } },
  wsRaw: { type: SocketType.ws, options: { raw: true, messageBytesMax: 65_536 } },
  udp: { type: SocketType.udp, options: {} },
  reliable: { type: SocketType.udp, options: {}, reliable: true },
  ordered: { type: SocketType.udp, options: {}, reliable: 'ordered' },
}

export type Ports = Readonly<Record<ServedName, number>>

/** What has happened since the process began. */
export interface FuzzedReport {
  /** Exceptions, rejections, warnings of the process, events in a wrong order: none of which there should be. */
  readonly faults: readonly string[]
  readonly connects: number
  readonly disconnects: number
  readonly messages: number
  /** Sockets but for the servers. */
  readonly clients: number
  /** The names of what keeps the process alive, but for timers and the pipes to the test. */
  readonly handles: number
  readonly heapBytes: number
  readonly rssMaxBytes: number
}

/** Begins a message that is sent back. */
export const echoMark = 'EC'

const world = createWorld()
const servers = new Map<EntityId, Served>()
const open = new Set<EntityId>()
const faults: string[] = []
const counts = { connects: 0, disconnects: 0, messages: 0 }

export const fuzzedServerAnswers = {
  open(): Ports {
    for (const kind of ['uncaughtException', 'unhandledRejection', 'warning'] as const)
      process.on(kind, (error: unknown) => note(kind, error))
    setNetworkConfig(world, { warn: () => {} })
    const ports = Object.entries<Served>(served).map(([name, each]) => [name, listen(each)])
    onNetworking(world, addEntity(world), (_world, _self, asyncLoad) => take(asyncLoad))
    startTicks(tick, { hz: 60, warn: () => {} })
    return Object.fromEntries(ports) as Ports
  },

  async report(): Promise<FuzzedReport> {
    for (let run = 0; run < 2; run++) {
      globalThis.gc?.()
      await delay(200)
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    const others = /^(?:Timeout|Immediate|PipeWrap)$/
    return {
      faults,
      ...counts,
      clients: query(world, [Socket]).length - servers.size,
      handles: process.getActiveResourcesInfo().filter((name) => !others.test(name)).length,
      heapBytes: heapUsed + arrayBuffers,
      rssMaxBytes: process.resourceUsage().maxRSS * 1_024,
    }
  },
}

function listen({ type, options, reliable = false }: Served): number {
  const server = createServer(world, type, 0, options)
  if (server < 0) throw new Error(`createServer: ${server}`)
  if (reliable !== false) setNetworkConfig(world, server, { reliable })
  servers.set(server, { type, options, reliable })
  return Socket(world).port[server]!
}

function note(kind: string, error: unknown): void {
  if (faults.length < 20) faults.push(`${kind}: ${String((error as Error).stack ?? error)}`)
}

function tick(): void {
  try {
    NetworkSystem(world)
  } catch (error) {
    note('tick', error)
  }
}

function take(asyncLoad: AsyncLoad): void {
  const { id } = asyncLoad
  if (asyncLoad.type === NetworkType.connect) {
    counts.connects++
    if (open.has(asyncLoad.socket)) note('order', 'connected twice')
    open.add(asyncLoad.socket)
  } else if (asyncLoad.type === NetworkType.disconnect) {
    // A peer of reliable UDP is no socket of its own.
    if (servers.has(id) && SocketType.udp === servers.get(id)!.type) return
    counts.disconnects++
    if (!open.delete(asyncLoad.socket)) note('order', 'disconnected without a connect')
  } else if (asyncLoad.type === NetworkType.data) {
    counts.messages++
    if (!servers.has(id) && !open.has(id)) note('order', 'data of a socket that is not there')
    answer(asyncLoad)
  }
}

/** Sends back what asks for it; of the rest it reads what a game would, which may not be there. */
function answer({
  id,
  ip,
  port,
  buffer,
  server,
}: AsyncLoad & { type: typeof NetworkType.data }): void {
  const bytes = getBufferBytes(buffer)
  if (bytes[0] === echoMark.charCodeAt(0) && bytes[1] === echoMark.charCodeAt(1)) {
    const { options, type } = servers.get(server ?? id)!
    if (type === SocketType.udp) sendUdp(world, id, ip, port, bytes)
    else if (options.raw === true) sendRaw(world, id, bytes)
    else sendPacket(world, id, bytes)
    return
  }
  readBuffer(buffer, BufferType.u8)
  readBuffer(buffer, BufferType.string)
  readBuffer(buffer, BufferType.u32)
}
