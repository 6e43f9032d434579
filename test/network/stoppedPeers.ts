// Peers of a server that is stopped: bare ones, which judge nothing, and some of this library with its default limits.

import { createWorld, type EntityId, type World } from 'bitecs'
import {
  closeNetwork,
  connectSocket,
  createSocket,
  flushNetwork,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createSocket as createUdp, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket as TcpSocket } from 'node:net'
import { WebSocket } from 'ws'
import { answer, packet } from '../lib/gameMaker.ts'
import { names, type Name } from './stoppedServer.ts'

type Ports = Readonly<Record<Name, number>>

/** A peer that can say something. */
interface Peer {
  readonly name: Name
  readonly send: (text: string) => void
}

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex')
}

/** Peers over net, ws and dgram; each that was lost is noted. */
export class BarePeers {
  readonly peers: Peer[] = []
  lost = 0
  /** All that has come back. */
  heard = ''
  readonly #ends: (() => void)[] = []
  #isClosing = false

  async open(ports: Ports, count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      await this.#addTcp(ports.TCP)
      await this.#addWebSocket(ports.WebSocket)
      this.#addUdp(ports.UDP)
    }
  }

  close(): void {
    this.#isClosing = true
    for (const end of this.#ends) end()
  }

  async #addTcp(port: number): Promise<void> {
    const socket: TcpSocket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    this.#watch(socket)
    socket.write(Buffer.from(answer, 'hex'))
    socket.on('data', (bytes: Buffer) => (this.heard += bytes.toString('latin1')))
    const send = (text: string): void => void socket.write(Buffer.from(packet(hexOf(text)), 'hex'))
    this.peers.push({ name: 'TCP', send })
    this.#ends.push(() => socket.destroy())
  }

  async #addWebSocket(port: number): Promise<void> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`)
    await once(socket, 'open')
    this.#watch(socket)
    socket.send(Buffer.from(answer, 'hex'))
    socket.on('message', (bytes: Buffer) => (this.heard += bytes.toString('latin1')))
    const send = (text: string): void => socket.send(Buffer.from(packet(hexOf(text)), 'hex'))
    this.peers.push({ name: 'WebSocket', send })
    this.#ends.push(() => socket.terminate())
  }

  #addUdp(port: number): void {
    const socket: UdpSocket = createUdp('udp4')
    socket.on('error', () => this.lost++)
    socket.on('message', (bytes) => (this.heard += bytes.toString('latin1')))
    const send = (text: string): void =>
      socket.send(Buffer.from(packet(hexOf(text)), 'hex'), port, '127.0.0.1')
    this.peers.push({ name: 'UDP', send })
    this.#ends.push(() => socket.close())
  }

  #watch(socket: TcpSocket | WebSocket): void {
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!this.#isClosing) this.lost++
    })
  }
}

/** The end of a peer of ours. */
interface Lost {
  readonly socket: EntityId
  readonly reason: number
  /** By `performance.now()`. */
  readonly atMs: number
}

/** Peers of this library, in one world that ticks. */
export class OwnPeers {
  readonly world: World = createWorld()
  readonly sockets: Record<Name, EntityId[]> = { TCP: [], WebSocket: [], UDP: [] }
  readonly lost: Lost[] = []
  readonly heard: Record<string, number> = {}
  readonly #ports: Ports
  readonly #timer: NodeJS.Timeout

  constructor(ports: Ports) {
    const { world } = this
    this.#ports = ports
    setNetworkConfig(world, { clientDisconnectEvents: true })
    this.#timer = setInterval(() => NetworkSystem(world), 1_000 / 60)
  }

  async open(count: number): Promise<void> {
    for (let index = 0; index < count; index++) for (const name of names) await this.add(name)
  }

  async add(name: Name): Promise<EntityId> {
    const { world } = this
    const types = { TCP: SocketType.tcp, WebSocket: SocketType.ws, UDP: SocketType.udp }
    const socket = createSocket(world, types[name])
    this.sockets[name].push(socket)
    this.#listen(socket)
    if (name === 'UDP') setNetworkConfig(world, socket, { reliable: 'ordered' })
    else {
      const result = await connectSocket(world, socket, '127.0.0.1', this.#ports[name])
      if (result < 0) throw new Error(`${name}: ${result}`)
    }
    return socket
  }

  /** Returns what the send function returned. */
  send(name: Name, socket: EntityId, text: string | Uint8Array): number {
    const { world } = this
    const bytes = Buffer.from(text as string)
    if (name === 'UDP') return sendUdp(world, socket, '127.0.0.1', this.#ports.UDP, bytes)
    return sendPacket(world, socket, bytes)
  }

  /** Each says its own name, a number. */
  sayAll(prefix: string): void {
    for (const name of names)
      for (const socket of this.sockets[name])
        this.send(name, socket, `${prefix} ${name} ${socket}`)
    flushNetwork(this.world)
  }

  lostOf(name: Name): Lost[] {
    return this.lost.filter(({ socket }) => this.sockets[name].includes(socket))
  }

  close(): void {
    clearInterval(this.#timer)
    closeNetwork(this.world)
  }

  #listen(socket: EntityId): void {
    const { world, lost, heard } = this
    onNetworking(world, socket, (_world, _self, asyncLoad) => {
      if (asyncLoad.type === NetworkType.data) {
        const text = Buffer.from(getBufferBytes(asyncLoad.buffer)).toString()
        heard[text] = (heard[text] ?? 0) + 1
      } else if (asyncLoad.type === NetworkType.disconnect) {
        const reason = Socket(world).disconnectReason[socket]!
        lost.push({ socket, reason, atMs: performance.now() })
      }
    })
  }
}
