import { createWorld, type EntityId, type World } from 'bitecs'
import {
  closeNetwork,
  createServer,
  createSocket,
  type NetworkConfig,
  type ServerOptions,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { joinServer } from './gameMaker.ts'
import { RawListener } from './RawListener.ts'
import { RawPeer } from './RawPeer.ts'
import { type EventCopy, recordEvents } from './recordEvents.ts'

/** A server entity, its world, and what its world hears. */
export interface ServerHost {
  readonly world: World
  readonly server: EntityId
  readonly port: number
  readonly events: EventCopy[]
}

/** A client socket, its world, and what its world hears. */
export interface ClientHost {
  readonly world: World
  readonly socket: EntityId
  readonly events: EventCopy[]
}

/** Worlds and raw peers of one case, closed when it ends. */
export class Net {
  /** What the worlds warned of. */
  readonly warnings: string[] = []
  readonly #worlds: World[] = []
  readonly #peers: RawPeer[] = []
  readonly #listeners: RawListener[] = []

  world(config: Partial<NetworkConfig> = {}): World {
    const world = createWorld()
    setNetworkConfig(world, { warn: (message) => this.warnings.push(message), ...config })
    this.#worlds.push(world)
    return world
  }

  server(options: ServerOptions = {}, config: Partial<NetworkConfig> = {}): ServerHost {
    const world = this.world(config)
    const server = createServer(world, SocketType.tcp, 0, options)
    return { world, server, port: Socket(world).port[server]!, events: recordEvents(world) }
  }

  client(config: Partial<NetworkConfig> = {}): ClientHost {
    const world = this.world(config)
    const socket = createSocket(world, SocketType.tcp)
    return { world, socket, events: recordEvents(world) }
  }

  /** A raw peer, connected. */
  async peer(port: number, host?: string): Promise<RawPeer> {
    const peer = await RawPeer.connect(port, host)
    this.#peers.push(peer)
    return peer
  }

  /** A raw peer that has shaken hands as a GameMaker client. */
  async join(port: number): Promise<RawPeer> {
    const peer = await this.peer(port)
    await joinServer(peer)
    return peer
  }

  async listen(port?: number, host?: string): Promise<RawListener> {
    const listener = await RawListener.listen(port, host)
    this.#listeners.push(listener)
    return listener
  }

  /** A port that nobody listens on and nobody can take: it belongs to a connection. */
  async refusingPort(): Promise<number> {
    const listener = await this.listen()
    return (await this.peer(listener.port)).localPort
  }

  close(): void {
    for (const world of this.#worlds) closeNetwork(world)
    for (const end of [...this.#peers, ...this.#listeners]) end.close()
  }
}

/** A case with a net of its own that is closed in the end, whatever happens. */
export function withNet(run: (net: Net) => Promise<void>): () => Promise<void> {
  return async () => {
    const net = new Net()
    try {
      await run(net)
    } finally {
      net.close()
    }
  }
}
