// A server with a process of its own that tells how it fares while a test floods it, and the flooders, in theirs.

import { addEntity, createWorld, type World } from 'bitecs'
import {
  createServer,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket as Line } from 'node:net'
import { setPriority } from 'node:os'
import { createInterface } from 'node:readline'
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { answer } from '../lib/gameMaker.ts'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { portOf } from '../lib/sockets.ts'
import { until } from '../lib/until.ts'

/** The first byte of what a flooder sends; all else is sent back. */
export const floodMark = 0xf1
/** A message of a flooder: the mark, three bytes of nothing, its number. */
const floodBytes = 8
const headerBytes = 12
export const hz = 60

/** The transports of the server. */
type Kind = 'tcp' | 'ws' | 'udp'

/** How the server has fared since it was last asked to begin anew. */
export interface Report {
  readonly ports: Record<Kind, number>
  /** Messages of flooders: how many, how many of them not next after the one before, the most of one tick. */
  flood: { count: number; outOfOrder: number; perTickMax: number }
  /** UDP datagrams that were dropped, of all time. */
  dropped: number
  /** Milliseconds from one tick to the next. */
  gaps: number[]
  /** The largest memory of the process, in MiB. */
  rssMiB: number
  /** What should not be: exceptions, warnings of Node, disconnects. */
  faults: string[]
}

/** What a flooder is to do. */
export interface Flood {
  readonly kind: Kind
  readonly port: number
  /** Messages a second, 0 for as many as it can. */
  readonly perSecond: number
  readonly seconds: number
}

/** What a flooder has done. */
export interface Flooded {
  readonly sent: number
  readonly perSecond: number
}

/** Runs what this process is for, if it was started by {@link FloodServer} or {@link startFlood}. */
export function playsFloodRole(): boolean {
  const [, , role, options = '{}'] = process.argv
  if (role === 'server') serve(JSON.parse(options) as { eventsPerSocketMax?: number })
  else if (role === 'flooder') void flood(JSON.parse(options) as Flood)
  else return false
  return true
}

function serve(config: { eventsPerSocketMax?: number }): void {
  const world = createWorld()
  setNetworkConfig(world, { ...config, warn: () => {} })
  const [tcp, ws, udp] = [
    createServer(world, SocketType.tcp, 0),
    createServer(world, SocketType.ws, 0, { raw: true }),
    createServer(world, SocketType.udp, 0),
  ]
  const ports = { tcp: portOf(world, tcp), ws: portOf(world, ws), udp: portOf(world, udp) }
  const asked = reportWhenAsked(ports)
  /** By the flooder: the number that comes next, and how many have come in this tick. */
  const nexts = new Map<string, number>()
  const ofTick = new Map<string, number>()
  listen(world, udp, (peer, bytes) => {
    const number = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(4)
    const { flood } = asked.report
    flood.count++
    if (number !== (nexts.get(peer) ?? 0)) flood.outOfOrder++
    nexts.set(peer, number + 1)
    ofTick.set(peer, (ofTick.get(peer) ?? 0) + 1)
    flood.perTickMax = Math.max(flood.perTickMax, ofTick.get(peer)!)
  })
  startTicks(
    () => {
      asked.tick()
      ofTick.clear()
      NetworkSystem(world)
      asked.report.dropped = Socket(world).dropped[udp] ?? 0
    },
    { hz, warn: () => {} },
  )
}

/** What a server has to say of itself: prints it when a line comes, and ends with the input. */
export function reportWhenAsked(ports: Report['ports']): { report: Report; tick(): void } {
  const asked = { report: freshReport(ports), tick }
  let tickedMs = performance.now()
  function tick(): void {
    const now = performance.now()
    asked.report.gaps.push(now - tickedMs)
    tickedMs = now
    asked.report.rssMiB = Math.max(asked.report.rssMiB, process.memoryUsage.rss() / 2 ** 20)
  }
  for (const event of ['uncaughtException', 'unhandledRejection', 'warning'])
    process.on(event, (fault: unknown) => asked.report.faults.push(`${event}: ${String(fault)}`))
  createInterface(process.stdin).on('line', (line) => {
    console.log(`${line}${JSON.stringify(asked.report)}end of ${line}`)
    if (line.startsWith('reset')) asked.report = freshReport(ports)
  })
  process.stdin.on('end', () => process.exit())
  return asked
}

function freshReport(ports: Report['ports']): Report {
  const flood = { count: 0, outOfOrder: 0, perTickMax: 0 }
  return { ports, flood, dropped: 0, gaps: [], rssMiB: 0, faults: [] }
}

/** Sends back what does not come from a flooder. */
function listen(
  world: World,
  udp: number,
  onFlood: (peer: string, bytes: Uint8Array) => void,
): void {
  onNetworking(world, addEntity(world), (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    const { id, ip, port, buffer } = asyncLoad
    const bytes = getBufferBytes(buffer)
    if (bytes[0] === floodMark) onFlood(`${id} ${port}`, bytes)
    else if (id === udp) sendUdp(world, udp, ip, port, buffer)
    else sendPacket(world, id, buffer)
  })
}

/** A flooder leaves the cores to the others when there are not enough. */
async function flood({ kind, port, perSecond, seconds }: Flood): Promise<void> {
  setPriority(19)
  const started = performance.now()
  const sent = await (kind === 'udp' ? floodUdp : floodStream)({ kind, port, perSecond, seconds })
  const rate = sent / ((performance.now() - started) / 1_000)
  console.log(`${JSON.stringify({ sent, perSecond: Math.round(rate) } satisfies Flooded)} done`)
}

const runLength = 500

/** Numbered messages, one after the other in one piece of memory. */
class Run {
  readonly bytes: Buffer
  readonly #stride: number

  constructor(head: Buffer) {
    this.#stride = head.length + floodBytes
    const one = Buffer.concat([head, Buffer.from([floodMark, 0, 0, 0, 0, 0, 0, 0])])
    this.bytes = Buffer.concat(Array.from({ length: runLength }, () => one))
  }

  number(from: number): Buffer {
    const bytes = Buffer.from(this.bytes)
    for (let index = 0; index < runLength; index++)
      bytes.writeUInt32LE(from + index, (index + 1) * this.#stride - 4)
    return bytes
  }
}

function packetHead(): Buffer {
  const head = Buffer.from('dec0adde0c00000000000000', 'hex')
  head.writeUInt32LE(floodBytes, 8)
  return head
}

async function openLine(kind: Kind, port: number): Promise<Line> {
  const line = connect(port, '127.0.0.1')
  line.on('error', () => {})
  await once(line, 'connect')
  if (kind === 'tcp') line.write(Buffer.from(answer, 'hex'))
  else
    line.write(
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    )
  await once(line, 'data')
  return line.resume()
}

async function floodStream({ kind, port, perSecond, seconds }: Flood): Promise<number> {
  const line = await openLine(kind, port)
  // A masked frame whose mask is 0.
  const frameHead = Buffer.from([0x82, 0x80 | floodBytes, 0, 0, 0, 0])
  const run = new Run(kind === 'tcp' ? packetHead() : frameHead)
  const started = performance.now()
  const passed = (): number => (performance.now() - started) / 1_000
  let sent = 0
  while (passed() < seconds && !line.destroyed) {
    if (perSecond > 0 && sent >= passed() * perSecond) await delay(1)
    else {
      line.write(run.number(sent))
      sent += runLength
      while (line.writableNeedDrain && passed() < seconds && !line.destroyed) await turn()
    }
  }
  // All that was paced is to arrive.
  if (perSecond > 0) await until(() => line.writableLength === 0 || line.destroyed)
  return sent
}

async function floodUdp({ port, perSecond, seconds }: Flood): Promise<number> {
  const socket = createSocket('udp4')
  const bytes = new Run(packetHead()).bytes.subarray(0, headerBytes + floodBytes)
  const started = performance.now()
  const passed = (): number => (performance.now() - started) / 1_000
  let sent = 0
  let underWay = 0
  const left = (error: Error | null): void => {
    underWay--
    if (error !== null) sent--
  }
  while (passed() < seconds) {
    const due = perSecond > 0 ? passed() * perSecond : Infinity
    for (let count = 0; count < 200 && sent < due && underWay < 2_000; count++) {
      sent++
      underWay++
      socket.send(bytes, port, '127.0.0.1', left)
    }
    await turn()
  }
  await until(() => underWay === 0)
  socket.close()
  return sent
}

/** The server, from outside. */
export class FloodServer {
  readonly #program: NodeProgram
  #asked = 0

  constructor(config: { eventsPerSocketMax?: number } = {}, role = 'server') {
    this.#program = new NodeProgram(process.argv[1]!, [role, JSON.stringify(config)])
  }

  get hasEnded(): boolean {
    return this.#program.hasEnded
  }

  /** How it has fared since the last reset, which this is one of. */
  async report(isReset = true): Promise<Report> {
    const program = this.#program
    const line = `${isReset ? 'reset' : 'report'} ${++this.#asked} `
    program.type(line)
    await program.says(`end of ${line}`)
    const start = program.output.indexOf(line) + line.length
    return JSON.parse(
      program.output.slice(start, program.output.indexOf(`end of ${line}`)),
    ) as Report
  }

  close(): void {
    this.#program.end()
  }
}

/** Floods from another process; resolves when it is over. */
export async function startFlood(flood: Flood): Promise<Flooded> {
  const program = new NodeProgram(process.argv[1]!, ['flooder', JSON.stringify(flood)])
  try {
    await program.says('done')
    return JSON.parse(program.output.split(' done')[0]!) as Flooded
  } finally {
    program.end()
  }
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
