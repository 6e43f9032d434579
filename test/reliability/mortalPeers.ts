// Peers in a process of their own, that a test kills, stops or cuts off, and a server that notes how each has ended.

import { createWorld, type EntityId, type World } from 'bitecs'
import {
  closeNetwork,
  createServer,
  createSocket,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendRaw,
  sendUdp,
  setNetworkConfig,
  type NetworkConfig,
  Socket,
  SocketType,
  startTicks,
  type Ticks,
} from 'bitecs-networking'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { answer, greeting, welcome } from '../lib/gameMaker.ts'
import { NodeProgram } from '../lib/NodeProgram.ts'
import { portOf } from '../lib/sockets.ts'
import { until } from '../lib/until.ts'

const names = ['TCP', 'raw TCP', 'WebSocket', 'reliable UDP'] as const
export type Name = (typeof names)[number]
type Ports = Readonly<Record<Name, number>>

const ip = '127.0.0.1'
const mode = 'peers'
const sideBytes = (greeting.length + welcome.length) / 2
const hz = 60

/** Whether this process is that of peers: it then lives until it is killed. */
export function livesAsPeers(): boolean {
  if (process.argv[2] !== mode) return false
  void live(JSON.parse(process.argv[3]!) as Ports)
  return true
}

/** Opens a peer over each transport, prints its ports, and sends back what comes. */
async function live(ports: Ports): Promise<void> {
  const own = {
    TCP: await liveTcp(ports.TCP, sideBytes),
    'raw TCP': await liveTcp(ports['raw TCP'], 0),
    WebSocket: await liveWebSocket(ports.WebSocket),
    'reliable UDP': liveUdp(ports['reliable UDP']),
  } satisfies Ports
  process.stdin.on('end', () => process.exit()).resume()
  console.log(`${JSON.stringify(own)} open`)
}

async function liveTcp(port: number, handshakeBytes: number): Promise<number> {
  const socket = connect(port, ip)
  await once(socket, 'connect')
  let skipped = handshakeBytes
  socket.on('error', () => {})
  socket.on('data', (bytes: Buffer) => {
    const rest = bytes.subarray(skipped)
    skipped -= bytes.length - rest.length
    if (rest.length > 0) socket.write(rest)
  })
  if (handshakeBytes > 0) socket.write(Buffer.from(answer, 'hex'))
  return (socket.address() as AddressInfo).port
}

async function liveWebSocket(port: number): Promise<number> {
  const socket = new WebSocket(`ws://${ip}:${port}`)
  let localPort = 0
  socket.on('upgrade', (response) => (localPort = response.socket.localPort ?? 0))
  let skipped = sideBytes
  socket.on('error', () => {})
  socket.on('message', (bytes: Buffer) => {
    if (skipped > 0) skipped -= bytes.length
    else socket.send(bytes)
  })
  await once(socket, 'open')
  socket.send(Buffer.from(answer, 'hex'))
  return localPort
}

function liveUdp(port: number): number {
  const world = createWorld()
  const socket = createSocket(world, SocketType.udp)
  setNetworkConfig(world, socket, { reliable: 'ordered' })
  onNetworking(world, socket, (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.data) sendUdp(world, socket, ip, port, asyncLoad.buffer)
  })
  sendUdp(world, socket, ip, port, Uint8Array.of(0))
  startTicks(() => NetworkSystem(world), { hz })
  return portOf(world, socket)
}

/** How a peer has ended. */
export interface End {
  readonly name: Name
  readonly port: number
  readonly reason: number
  /** By `performance.now()`. */
  readonly atMs: number
}

/** Peers of one process, one of each transport. */
export interface Group {
  readonly program: NodeProgram
  readonly ports: Ports
}

const types = {
  TCP: SocketType.tcp,
  'raw TCP': SocketType.tcp,
  WebSocket: SocketType.ws,
  'reliable UDP': SocketType.udp,
} as const satisfies Ports

/** A server of each transport, in a world that ticks. */
export class Host {
  readonly ends: End[] = []
  /** The bytes that have come from each peer, after those with which it opened. */
  readonly #heard = new Map<string, number[]>()
  readonly #world: World = createWorld()
  readonly #servers = {} as Record<Name, EntityId>
  readonly #ports = {} as Record<Name, number>
  readonly #sockets = new Map<string, EntityId>()
  readonly #groups: Group[] = []
  readonly #ticks: Ticks

  constructor(config: Partial<NetworkConfig> = {}) {
    const world = this.#world
    setNetworkConfig(world, { ...config, warn: () => {} })
    for (const name of names) {
      const server = createServer(world, types[name], 0, { raw: name === 'raw TCP' })
      this.#servers[name] = server
      this.#ports[name] = portOf(world, server)
      this.#listen(name, server)
    }
    setNetworkConfig(world, this.#servers['reliable UDP'], { reliable: 'ordered' })
    this.#ticks = startTicks(() => NetworkSystem(world), { hz })
  }

  /** Peers of each transport in a new process. */
  async open(): Promise<Group> {
    const program = new NodeProgram(process.argv[1]!, [mode, JSON.stringify(this.#ports)])
    await program.says('open')
    const ports = JSON.parse(program.output.split(' open')[0]!) as Ports
    const group = { program, ports }
    this.#groups.push(group)
    await until(() => names.every((name) => this.#sockets.has(`${name} ${ports[name]}`)))
    return group
  }

  /** Sends to a peer; returns what the send function returned. */
  send(name: Name, { ports }: Group, bytes: Uint8Array): number {
    const socket = this.#sockets.get(`${name} ${ports[name]}`)!
    if (name === 'reliable UDP') return sendUdp(this.#world, socket, ip, ports[name], bytes)
    return (name === 'raw TCP' ? sendRaw : sendPacket)(this.#world, socket, bytes)
  }

  /** Sends in every tick that comes, until the peer has ended or `ms` have passed. */
  sendOn(name: Name, group: Group, bytes: Uint8Array, ms: number): void {
    const end = performance.now() + ms
    const timer = setInterval(() => {
      const isOver = this.endsOf(name, group).length > 0 || performance.now() > end
      if (isOver) clearInterval(timer)
      else this.send(name, group, bytes)
    }, 1_000 / hz)
  }

  /** The bytes that have come from a peer. */
  heard(name: Name, { ports }: Group): readonly number[] {
    return this.#heard.get(`${name} ${ports[name]}`) ?? []
  }

  endsOf(name: Name, { ports }: Group): End[] {
    return this.ends.filter((end) => end.name === name && end.port === ports[name])
  }

  close(): void {
    this.#ticks.stop()
    // A stopped process ends too.
    for (const { program } of this.#groups) program.end('SIGKILL')
    closeNetwork(this.#world)
  }

  #listen(name: Name, server: EntityId): void {
    const world = this.#world
    onNetworking(world, server, (_world, _self, asyncLoad) => {
      const { port, id } = asyncLoad
      const key = `${name} ${port}`
      if (asyncLoad.type === NetworkType.connect) this.#sockets.set(key, asyncLoad.socket)
      else if (asyncLoad.type === NetworkType.disconnect) {
        const reason = Socket(world).disconnectReason[asyncLoad.socket]!
        this.ends.push({ name, port, reason, atMs: performance.now() })
      } else if (asyncLoad.type === NetworkType.data) {
        const isFirst = name === 'reliable UDP' && !this.#sockets.has(key)
        if (isFirst) this.#sockets.set(key, id)
        else {
          const heard = this.#heard.get(key) ?? []
          this.#heard.set(key, heard)
          for (const byte of getBufferBytes(asyncLoad.buffer)) heard.push(byte)
        }
      }
    })
  }
}

/** Seconds, for a figure. */
export function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 1_000 ? 3 : 1)} s`
}

/** A peer has ended once, within `limitMs` since; how long after, in milliseconds. */
export function assertEnded(
  host: Host,
  name: Name,
  group: Group,
  [sinceMs, limitMs]: readonly [sinceMs: number, limitMs: number],
): number {
  const ends = host.endsOf(name, group)
  assert.is(ends.length, 1, `${name}: ${ends.length} ends`)
  const ms = ends[0]!.atMs - sinceMs
  assert.ok(ms <= limitMs, `${name}: ${ms} ms`)
  return ms
}
