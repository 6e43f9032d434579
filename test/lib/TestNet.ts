import { createWorld, type EntityId, type World } from 'bitecs'
import {
  closeNetwork,
  type ConnectOptions,
  connectSocket,
  createServer,
  createSocket,
  createVirtualClock,
  type NetworkConfig,
  NetworkSystem,
  type ServerOptions,
  setNetworkConfig,
  Socket,
  SocketType,
  type TransportChoice,
  type VirtualClock,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { joinServer, welcomeClient } from './gameMaker.ts'
import { RawDatagrams } from './RawDatagrams.ts'
import { RawListener } from './RawListener.ts'
import { RawPeer } from './RawPeer.ts'
import { type EventCopy, recordEvents } from './recordEvents.ts'
import { clientsOf, portOf } from './sockets.ts'
import { until } from './until.ts'

/** A server (or a UDP socket that plays it) in a world of its own, and the events of that world. */
export interface ServerHost {
  readonly world: World
  readonly server: EntityId
  readonly port: number
  readonly events: EventCopy[]
}

/** A client socket in a world of its own, and the events of that world. */
export interface ClientHost {
  readonly world: World
  readonly socket: EntityId
  readonly events: EventCopy[]
}

/** A server and a raw peer that is its client. */
export interface JoinedServer extends ServerHost {
  readonly peer: RawPeer
  /** The server's end. */
  readonly client: EntityId
}

/** A client that is connecting, and the raw peer that it has reached. */
export interface ReachingClient extends ClientHost {
  readonly peer: RawPeer
  /** The port that it connects to. */
  readonly port: number
  readonly result: Promise<number>
}

/** A connection, seen from both worlds. */
export interface Link {
  readonly host: World
  readonly server: EntityId
  /** The server's end. */
  readonly accepted: EntityId
  readonly guest: World
  readonly client: EntityId
}

export interface NetOptions {
  /** What sockets connect by; TCP if not given. */
  readonly transport?: TransportChoice
  /** The address that clients connect to. */
  readonly address?: string
  /** The worlds have the net's clock, which stands still until it is told. */
  readonly isVirtual?: boolean
}

/** Worlds, sockets and raw peers of one case. `close` closes them all. */
export class TestNet {
  readonly transport: TransportChoice
  readonly address: string
  readonly clock: VirtualClock = createVirtualClock()
  /** What the worlds warned of. */
  readonly warnings: string[] = []
  readonly #isVirtual: boolean
  readonly #worlds: World[] = []
  readonly #ends: { close(): void }[] = []

  constructor({
    transport = SocketType.tcp,
    address = '127.0.0.1',
    isVirtual = false,
  }: NetOptions = {}) {
    this.transport = transport
    this.address = address
    this.#isVirtual = isVirtual
  }

  // Worlds and sockets.

  /** Networks a world, a new one if none is given. */
  world(config: Partial<NetworkConfig> = {}, world: World = createWorld()): World {
    const warn = (message: string): void => void this.warnings.push(message)
    const clock = this.#isVirtual ? { clock: this.clock } : {}
    setNetworkConfig(world, { ...clock, warn, ...config })
    this.#worlds.push(world)
    return world
  }

  /** A server in a world of its own. */
  server(options: ServerOptions = {}, config: Partial<NetworkConfig> = {}): ServerHost {
    const world = this.world(config)
    const server = this.serverIn(world, options)
    return { world, server, port: portOf(world, server), events: recordEvents(world) }
  }

  serverIn(world: World, options: ServerOptions = {}, port = 0): EntityId {
    return createServer(world, this.transport, port, options)
  }

  /** A client socket in a world of its own, not connected. */
  client(config: Partial<NetworkConfig> = {}): ClientHost {
    const world = this.world(config)
    const socket = createSocket(world, this.transport)
    return { world, socket, events: recordEvents(world) }
  }

  /** A client socket that has begun to connect: by memory it is connected, or has failed, at its world's next tick. */
  clientIn(world: World, host: World, server: EntityId, options: ConnectOptions = {}): EntityId {
    const client = createSocket(world, this.transport)
    void connectSocket(world, client, this.address, portOf(host, server), options)
    return client
  }

  /** A connected client, by memory; its connect event has been handled. */
  link(
    host: World,
    server: EntityId,
    guest: World = this.world(),
    options: ConnectOptions = {},
  ): Link {
    const client = this.clientIn(guest, host, server, options)
    NetworkSystem(guest)
    NetworkSystem(host)
    const near = Socket(guest).localPort[client]
    const accepted = clientsOf(host, server).find((it) => Socket(host).port[it] === near)
    if (accepted === undefined) throw new Error('not accepted')
    return { host, server, accepted, guest, client }
  }

  /** A server in a world of its own with linked clients, by memory. */
  links(count: number, config: Partial<NetworkConfig> = {}): Link[] {
    const host = this.world(config)
    const server = this.serverIn(host)
    return Array.from({ length: count }, () => this.link(host, server))
  }

  // Raw peers.

  /** A raw peer, connected. */
  async peer(port: number, host?: string): Promise<RawPeer> {
    return this.keep(await RawPeer.connect(port, host))
  }

  /** A raw peer that has shaken hands as a GameMaker client. */
  async join(port: number): Promise<RawPeer> {
    const peer = await this.peer(port)
    await joinServer(peer)
    return peer
  }

  peers(port: number, count: number): Promise<RawPeer[]> {
    return Promise.all(Array.from({ length: count }, () => this.peer(port)))
  }

  joins(port: number, count: number): Promise<RawPeer[]> {
    return Promise.all(Array.from({ length: count }, () => this.join(port)))
  }

  async listen(port?: number, host?: string): Promise<RawListener> {
    return this.keep(await RawListener.listen(port, host))
  }

  async datagrams(host?: string): Promise<RawDatagrams> {
    return this.keep(await RawDatagrams.bind(host))
  }

  /** A port that nobody listens on and nobody can take: it belongs to a connection. */
  async refusingPort(): Promise<number> {
    const listener = await this.listen()
    return (await this.peer(listener.port)).localPort
  }

  /** A server with one GameMaker client, whose connect event is the first of `events`. */
  async joined(
    options: ServerOptions = {},
    config: Partial<NetworkConfig> = {},
  ): Promise<JoinedServer> {
    const host = this.server(options, config)
    const peer = await this.join(host.port)
    await until(() => host.events.length === 1, [host.world])
    return { ...host, peer, client: host.events[0]!.socket! }
  }

  /** A client that is connecting to a raw peer, which has said nothing yet. */
  async reaching(config: Partial<NetworkConfig> = {}): Promise<ReachingClient> {
    const client = this.client(config)
    const listener = await this.listen()
    const { port } = listener
    const result = connectSocket(client.world, client.socket, this.address, port, { async: true })
    return { ...client, port, peer: await listener.accept(), result }
  }

  /** A client that a raw peer has welcomed as a GameMaker server; its connect event is past and forgotten. */
  async connected(config: Partial<NetworkConfig> = {}): Promise<Omit<ReachingClient, 'result'>> {
    const { result, ...client } = await this.reaching(config)
    await welcomeClient(client.peer)
    assert.is(await result, client.socket)
    await until(() => client.events.length === 1, [client.world])
    client.events.length = 0
    return client
  }

  // The end.

  /** Closes this too in the end. */
  keep<End extends { close(): void }>(end: End): End {
    this.#ends.push(end)
    return end
  }

  close(): void {
    for (const world of this.#worlds) closeWorld(world)
    for (const end of this.#ends) end.close()
  }
}

function closeWorld(world: World): void {
  try {
    closeNetwork(world)
  } catch (error) {
    // The case has deleted it.
    if (!(error instanceof TypeError)) throw error
  }
}
