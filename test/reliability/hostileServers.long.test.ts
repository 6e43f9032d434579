// Our clients at servers who know the protocols and break them: each connect comes to an end, and nothing is left of it.

import { addEntity, createWorld, type EntityId, query } from 'bitecs'
import {
  connectSocket,
  createSocket,
  destroySocket,
  networkErrorName,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket as NetSocket } from 'node:net'
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { Draw } from '../fuzz/Draw.ts'
import { mutate } from '../fuzz/mutate.ts'
import { drawConversation, drawCuts } from '../fuzz/targets/streams.ts'
import { greeting, welcome } from '../lib/gameMaker.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { closedOf, drawFrames } from './attacks.ts'
import { play, withPrograms } from './Program.ts'

const mebibyte = 1024 * 1024
const connects = amountOf({ test: 300, ci: 8_000, soak: 100_000 })
/** Of these, those before memory is measured. */
const warmConnects = Math.ceil(connects / 5)
const heapGrowthMax = 4 * mebibyte
const lanes = 16
const timeoutMs = 300
const ticksMax = 10
const limitMs = 60_000 + connects * 20

interface Ports {
  readonly tcp: number
  readonly ws: number
}

interface Visits {
  readonly ports: Ports
  readonly seed: number
  readonly count: number
}

/** What clients have seen since the process began. */
interface ClientReport {
  readonly faults: readonly string[]
  /** How connecting has ended, by name. */
  readonly results: Readonly<Record<string, number>>
  readonly messages: number
  readonly sockets: number
  readonly handles: number
  readonly heapBytes: number
}

const world = createWorld()
const faults: string[] = []
const results: Record<string, number> = {}
const gone = new Set<EntityId>()
let messages = 0
let hasStarted = false

const clientAnswers = {
  async visit({ ports, seed, count }: Visits): Promise<ClientReport> {
    if (!hasStarted) start()
    const ticking = setInterval(tick, 5)
    let left = count
    const visitAll = async (): Promise<void> => {
      while (left-- > 0) await visitOnce(new Draw(seed + left), ports)
    }
    await Promise.all(Array.from({ length: lanes }, visitAll))
    clearInterval(ticking)
    tick()
    return report()
  },
}

function start(): void {
  hasStarted = true
  for (const kind of ['uncaughtException', 'unhandledRejection', 'warning'] as const)
    process.on(kind, (error: unknown) => note(`${kind}: ${String((error as Error).stack)}`))
  setNetworkConfig(world, { warn: () => {} })
  onNetworking(world, addEntity(world), (_world, _self, { id, type }) => {
    if (gone.has(id)) note(`an event of a socket that is gone: ${type}`)
    if (type === NetworkType.data) messages++
  })
}

function note(fault: string): void {
  if (faults.length < 20) faults.push(fault)
}

function tick(): void {
  try {
    NetworkSystem(world)
  } catch (error) {
    note(`tick: ${String((error as Error).stack)}`)
  }
}

async function visitOnce(draw: Draw, ports: Ports): Promise<void> {
  const way = draw.one(['tcp', 'ws'] as const)
  const socket = createSocket(world, SocketType[way])
  gone.delete(socket)
  const raw = draw.isLucky(0.2)
  const connecting = connectSocket(world, socket, '127.0.0.1', ports[way], { timeoutMs, raw })
  const isImpatient = draw.isLucky(0.1)
  const result = isImpatient ? await delay(draw.below(20), socket) : await connecting
  const name = isImpatient
    ? 'impatient'
    : result === socket
      ? 'connected'
      : networkErrorName(result)
  results[`${way} ${name}`] = (results[`${way} ${name}`] ?? 0) + 1
  if (result >= 0)
    for (let left = draw.below(3); left > 0; left--) sendPacket(world, socket, draw.bytes(9))
  await delay(draw.below(ticksMax) * 5)
  destroySocket(world, socket)
  gone.add(socket)
}

async function report(): Promise<ClientReport> {
  // Those that were under way when their socket was destroyed.
  await delay(2 * timeoutMs)
  for (let run = 0; run < 2; run++) {
    globalThis.gc?.()
    await delay(200)
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  const others = /^(?:Timeout|Immediate|PipeWrap)$/
  return {
    faults,
    results,
    messages,
    sockets: query(world, [Socket]).length,
    handles: process.getActiveResourcesInfo().filter((name) => !others.test(name)).length,
    heapBytes: heapUsed + arrayBuffers,
  }
}

/** A server that sends each of its clients something else. */
class HostileServer {
  readonly #server: Server
  readonly #draw = new Draw(rowSeed)

  constructor(answer: (draw: Draw, socket: NetSocket) => Promise<Uint8Array>) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      const draw = new Draw(this.#draw.below(2 ** 32))
      void closedOf(socket)
      void answer(draw, socket).then((bytes) => sendCut(draw, socket, bytes))
    })
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
  }
}

async function sendCut(draw: Draw, socket: NetSocket, bytes: Uint8Array): Promise<void> {
  let at = 0
  for (const end of [...drawCuts(draw, bytes.length).slice(0, 30), bytes.length]) {
    if (socket.destroyed) return
    socket.write(bytes.subarray(at, end))
    at = end
    await turn()
  }
  const way = draw.below(8)
  if (way === 0) socket.resetAndDestroy()
  else if (way === 1) socket.end()
  else if (way < 4) socket.destroy()
  // Else the client has to leave.
}

function answerTcp(draw: Draw): Promise<Uint8Array> {
  return Promise.resolve(drawConversation(draw, 'client', draw.isLucky(0.5) ? 0.02 : 0.3))
}

/** The answer to an upgrade, right mostly, and frames. */
async function answerUpgrade(draw: Draw, socket: NetSocket): Promise<Uint8Array> {
  const [request] = (await once(socket, 'data').catch(() => [''])) as [Buffer | string]
  const key = /sec-websocket-key: (.*)\r/i.exec(String(request))?.[1] ?? ''
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept.digest('base64')}`,
  ]
  if (draw.isLucky(0.2)) lines.splice(draw.below(5), draw.below(2), draw.one(answerLines))
  const steps = [greeting, welcome].map((hex) => frameOf(Buffer.from(hex, 'hex')))
  const shakes = draw.isLucky(0.7) ? steps : [draw.bytes(draw.below(9))]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  const bytes = Buffer.concat([head, ...shakes, drawFrames(draw, 'client')])
  return draw.isLucky(0.9) ? bytes : mutate(bytes, draw, [head])
}

const answerLines = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 404 Not Found',
  'HTTP/1.1 301 Moved\r\nLocation: ws://127.0.0.1:1/',
  'HTTP/9 x',
  '',
  'Sec-WebSocket-Accept: x',
  'Sec-WebSocket-Protocol: a',
  'Sec-WebSocket-Extensions: permessage-deflate',
  'Upgrade: h2c',
  'Content-Length: 5',
  'Transfer-Encoding: chunked',
  `X: ${'y'.repeat(20_000)}`,
  ': x',
]

/** A binary frame as a server sends it. */
function frameOf(payload: Uint8Array): Uint8Array {
  return Uint8Array.of(0x82, payload.length, ...payload)
}

async function visitHostile(): Promise<void> {
  const servers = [new HostileServer(answerTcp), new HostileServer(answerUpgrade)] as const
  try {
    const ports = { tcp: await servers[0].listen(), ws: await servers[1].listen() }
    await withPrograms(async (start) => {
      const clients = start<typeof clientAnswers>('clients')
      const ask = (seed: number, count: number) => clients.ask('visit', { ports, seed, count })
      const before = await ask(rowSeed, warmConnects)
      const after = await ask(rowSeed + warmConnects, connects - warmConnects)
      check(before, after)
    })
  } finally {
    for (const server of servers) server.close()
  }
}

function check(before: ClientReport, after: ClientReport): void {
  const grown = after.heapBytes - before.heapBytes
  const ends = Object.entries(after.results).map((each) => each.join(' '))
  const counts = `${ends.sort().join(', ')}; ${after.messages} messages`
  figure(
    'R-02',
    `hostile servers: ${connects} connects, 0 bad, heap ${(grown / mebibyte).toFixed(1)} MiB: ${counts}`,
  )
  assert.equal(after.faults, [])
  assert.is(after.sockets, 0)
  assert.is(after.handles, before.handles)
  assert.ok(grown <= heapGrowthMax, `the heap has grown by ${grown} bytes`)
  for (const name of ['tcp connected', 'tcp handshakeFailed', 'ws connected', 'ws handshakeFailed'])
    assert.ok((after.results[name] ?? 0) > connects / 100, `too few are ${name}`)
}

if (!play({ clients: clientAnswers }))
  spec(
    `clients at hostile servers, SEED=${rowSeed}`,
    (it) => {
      it(`${connects} connects`, visitHostile)
    },
    limitMs,
  )
