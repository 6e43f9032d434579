import { addEntity, createWorld, deleteWorld, type EntityId, query, type World } from 'bitecs'
import {
  AcceptedBy,
  type AsyncLoad,
  closeNetwork,
  connectSocket,
  createMemoryTransport,
  createServer,
  createSocket,
  createVirtualClock,
  flushNetwork,
  getBufferBytes,
  type NetworkConfig,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  type ServerOptions,
  setNetworkConfig,
  Socket,
  type Transport,
  type VirtualClock,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'

/** A connection, seen from both worlds. */
export interface Link {
  readonly host: World
  readonly server: EntityId
  /** The server's end. */
  readonly accepted: EntityId
  readonly guest: World
  readonly client: EntityId
}

/** Worlds on one memory transport and one virtual clock. */
export class MemoryNet {
  readonly transport: Transport
  readonly clock: VirtualClock = createVirtualClock()
  readonly warnings: string[] = []
  readonly #worlds: World[] = []

  constructor(transport: Transport = createMemoryTransport()) {
    this.transport = transport
  }

  /** Networks a world, a new one if none is given. */
  world(config: Partial<NetworkConfig> = {}, world: World = createWorld()): World {
    const warn = (message: string) => void this.warnings.push(message)
    setNetworkConfig(world, { clock: this.clock, warn, ...config })
    this.#worlds.push(world)
    return world
  }

  server(world: World, options: ServerOptions = {}, port = 0): EntityId {
    return createServer(world, this.transport, port, options)
  }

  /** A client socket that has begun to connect: it is connected, or has failed, at its world's next tick. */
  client(world: World, host: World, server: EntityId, options = {}): EntityId {
    const client = createSocket(world, this.transport)
    void connectSocket(world, client, 'memory', portOf(host, server), options)
    return client
  }

  /** A connected client; its connect event has been handled. */
  link(host: World, server: EntityId, guest: World = this.world(), options = {}): Link {
    const client = this.client(guest, host, server, options)
    NetworkSystem(guest)
    NetworkSystem(host)
    const { port } = Socket(host)
    const near = Socket(guest).localPort[client]
    const accepted = [...query(host, [Socket, AcceptedBy(server)])].find((it) => port[it] === near)
    if (accepted === undefined) throw new Error('not accepted')
    return { host, server, accepted, guest, client }
  }

  /** A server in a world of its own with linked clients. */
  links(count: number, config: Partial<NetworkConfig> = {}): Link[] {
    const host = this.world(config)
    const server = this.server(host)
    return Array.from({ length: count }, () => this.link(host, server))
  }

  /** Closes everything. Worlds that were deleted are closed by it too, and are an error nobody needs. */
  close(): void {
    for (const world of this.#worlds) {
      try {
        closeNetwork(world)
      } catch {
        deleteWorld(world)
      }
    }
  }
}

/** A case with a net of its own that is closed in the end. */
export function withMemory(run: (net: MemoryNet) => Promise<void> | void): () => Promise<void> {
  return async () => {
    const net = new MemoryNet()
    try {
      await run(net)
    } finally {
      net.close()
    }
  }
}

export function portOf(world: World, server: EntityId): number {
  return Socket(world).port[server]!
}

/** Sends a text and checks that it was taken. */
export function say(world: World, socket: EntityId, text: string): void {
  assert.is(sendPacket(world, socket, Buffer.from(text)), text.length + 12)
}

/** The text of a data event. */
export function textOf(asyncLoad: AsyncLoad): string {
  return asyncLoad.type === NetworkType.data
    ? Buffer.from(getBufferBytes(asyncLoad.buffer)).toString()
    : ''
}

/** An event in one line: `connect 3`, `data 3 hello`, `disconnect 3`, `result 1 2`. */
export function lineOf(asyncLoad: AsyncLoad): string {
  if (asyncLoad.type === NetworkType.data) return `data ${asyncLoad.id} ${textOf(asyncLoad)}`
  const { socket, succeeded } = asyncLoad
  if (asyncLoad.type === NetworkType.connect) return `connect ${socket}`
  if (asyncLoad.type === NetworkType.disconnect) return `disconnect ${socket}`
  return `result ${succeeded} ${socket}`
}

/** Entities in order of their ids. */
export function sorted(entities: Iterable<EntityId>): EntityId[] {
  return [...entities].sort((a, b) => a - b)
}

/** A new subscriber that keeps a line for each event. */
export function logOf(world: World, subscriber: EntityId = addEntity(world)): string[] {
  const lines: string[] = []
  onNetworking(world, subscriber, (_world, _self, asyncLoad) => void lines.push(lineOf(asyncLoad)))
  return lines
}

/** A new subscriber that does something for each event. */
export function onEach(world: World, run: (asyncLoad: AsyncLoad) => void): EntityId {
  const subscriber = addEntity(world)
  onNetworking(world, subscriber, (_world, _self, asyncLoad) => run(asyncLoad))
  return subscriber
}

/** A new subscriber that does something once, for the first event. */
export function once(world: World, run: (asyncLoad: AsyncLoad) => void): void {
  let isDone = false
  onEach(world, (load) => {
    if (isDone) return
    isDone = true
    run(load)
  })
}

/** Clients send texts, which have arrived then, in this order. */
export function arrive(...messages: readonly (readonly [Link, string])[]): void {
  for (const [{ guest, client }, text] of messages) {
    say(guest, client, text)
    flushNetwork(guest)
  }
}

/** What a call throws. Fails if it throws nothing. */
export function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
