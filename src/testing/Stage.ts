// Worlds, sockets and clean-up of one case of the suite.

import { addEntity, createWorld, type EntityId, getAllEntities, query, type World } from 'bitecs'
import {
  AcceptedBy,
  type AsyncLoad,
  closeNetwork,
  type ConnectOptions,
  connectSocket,
  createServer,
  createSocket,
  getBufferBytes,
  type NetworkConfig,
  NetworkEvent,
  networkErrorName,
  NetworkSystem,
  NetworkType,
  onNetworking,
  type ServerOptions,
  setNetworkConfig,
  Socket,
} from '../index.ts'
import { expect, expectSame } from './expect.ts'
import { largestTried, type Subject } from './TransportSubject.ts'

/** One case, for a stage that is set for it alone. */
export interface StageCase {
  readonly name: string
  readonly play: (stage: Stage) => Promise<void>
}

/** A copy of an event. */
export interface RecordedEvent {
  readonly type: NetworkType
  readonly id: EntityId
  /** All keys but the buffer. */
  readonly keys: Readonly<Record<string, unknown>>
  /** The message; empty in other events. */
  readonly bytes: Uint8Array
  /** The `DisconnectReason` that stood in the store. */
  readonly reason: number
}

/** A world and the events that it has received. */
export interface Side {
  readonly world: World
  /** Its server or client socket. */
  readonly entity: EntityId
  /** The server's port, or the UDP socket's. */
  readonly port: number
  readonly events: RecordedEvent[]
}

/** A connection, seen from both worlds. */
export interface Link {
  readonly host: Side
  readonly guest: Side
  /** The server's end. */
  readonly accepted: EntityId
}

export interface LinkOptions {
  readonly raw?: boolean
  readonly host?: Partial<NetworkConfig>
  readonly guest?: Partial<NetworkConfig>
}

/** The worlds of one case, closed when it ends. */
export class Stage {
  readonly subject: Subject
  readonly #worlds: World[] = []
  /** Entities made to listen, by their worlds. */
  readonly #listeners = new Map<World, number>()
  readonly #endings: (() => void)[] = []

  constructor(subject: Subject) {
    this.subject = subject
  }

  world(config: Partial<NetworkConfig> = {}): Pick<Side, 'world' | 'events'> {
    const world = createWorld()
    const { patienceMs } = this.subject
    setNetworkConfig(world, {
      connectTimeoutMs: patienceMs,
      handshakeTimeoutMs: patienceMs,
      clientDisconnectEvents: true,
      datagramsPerSenderMax: Infinity,
      reliableMessageBytesMax: largestTried,
      warn: () => {},
      ...config,
    })
    this.#worlds.push(world)
    const events: RecordedEvent[] = []
    this.listen(world, (load) => events.push(copyOf(world, load)))
    return { world, events }
  }

  /** Subscribes to all events of a world, behind those that listen already. */
  listen(world: World, handler: (load: AsyncLoad) => void): void {
    this.#listeners.set(world, (this.#listeners.get(world) ?? 0) + 1)
    onNetworking(world, addEntity(world), (_world, _self, load) => handler(load))
  }

  /** A server on a free port, or a UDP socket that plays it. */
  async server(
    options: ServerOptions = {},
    config: Partial<NetworkConfig> = {},
    port = 0,
  ): Promise<Side> {
    const { world, events } = this.world(config)
    const { transport, server, reliable } = this.subject
    const entity = createServer(world, transport, port, { ...server, ...options })
    expect(entity >= 0, `createServer gives an entity, not ${networkErrorName(entity)}`)
    if (reliable !== false) setNetworkConfig(world, entity, { reliable })
    await this.until(() => Socket(world).port[entity] !== 0, 'the server has a port')
    return { world, entity, port: Socket(world).port[entity]!, events }
  }

  /** A client socket, not connected; a UDP socket is bound. */
  client(config: Partial<NetworkConfig> = {}): Side {
    const { world, events } = this.world(config)
    const { transport, reliable } = this.subject
    const entity = createSocket(world, transport)
    expect(entity >= 0, `createSocket gives an entity, not ${networkErrorName(entity)}`)
    if (reliable !== false) setNetworkConfig(world, entity, { reliable })
    return { world, entity, port: Socket(world).localPort[entity]!, events }
  }

  /** Connects a client; the result of `connectSocket`. */
  async connect(
    { world, entity }: Side,
    port: number,
    options: ConnectOptions = {},
  ): Promise<number> {
    const { host, connect } = this.subject
    let result: number | undefined
    let failure: unknown
    connectSocket(world, entity, host, port, { ...connect, async: true, ...options }).then(
      (value) => (result = value),
      (error: unknown) => (failure = error),
    )
    await this.until(
      () => result !== undefined || failure !== undefined,
      'connectSocket comes to a result',
    )
    if (failure !== undefined) throw failure
    return result!
  }

  /** Connects a client, which must succeed, and waits for the server's connect event. */
  async join(guest: Side, host: Side, options: ConnectOptions = {}): Promise<EntityId> {
    const before = countOf(host, NetworkType.connect)
    const result = await this.connect(guest, host.port, options)
    expect(
      result === guest.entity,
      `connectSocket gives the socket, not ${networkErrorName(result) ?? result}`,
    )
    await this.until(
      () => countOf(host, NetworkType.connect) > before,
      'the server receives the connect',
    )
    return eventsOf(host, NetworkType.connect).at(-1)!.keys['socket'] as EntityId
  }

  async link({ raw = false, host: hosts, guest: guests }: LinkOptions = {}): Promise<Link> {
    const host = await this.server({ raw }, hosts)
    const guest = this.client(guests)
    return { host, guest, accepted: await this.join(guest, host, { raw }) }
  }

  /** Ticks all worlds and lets the event loop turn until the condition holds. */
  async until(condition: () => boolean, expected: string): Promise<void> {
    const end = performance.now() + this.subject.patienceMs
    while (!condition()) {
      expect(performance.now() <= end, `${expected} within ${this.subject.patienceMs} ms`)
      this.tick()
      await turn()
    }
  }

  /** Gives what should not come the time to come. */
  async settle(turns = 5): Promise<void> {
    for (let count = 0; count < turns; count++) {
      this.tick()
      await turn()
    }
  }

  tick(): void {
    for (const world of this.#worlds) NetworkSystem(world)
  }

  /** Does something when the case has ended, whatever happened. */
  atEnd(run: () => void): void {
    this.#endings.push(run)
  }

  close(): void {
    for (const world of this.#worlds) closeNetwork(world)
    for (const run of this.#endings) run()
  }

  /** After `close`: whether the worlds are as they were before. */
  async checkEmpty(): Promise<void> {
    await this.settle()
    for (const world of this.#worlds) {
      expect(query(world, [Socket]).length === 0, 'no socket entity is left')
      expect(query(world, [NetworkEvent]).length === 0, 'no event is left')
      const listeners = this.#listeners.get(world)
      expectSame(getAllEntities(world).length, listeners, 'the number of entities left')
    }
  }
}

/** Plays a case and closes everything, also when it fails. */
export async function withStage(
  subject: Subject,
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const stage = new Stage(subject)
  try {
    await play(stage)
  } catch (error) {
    try {
      stage.close()
    } catch {
      // The first failure says more.
    }
    throw error
  }
  stage.close()
  await stage.checkEmpty()
}

/** Lets the event loop turn once, on every platform. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}

export function eventsOf({ events }: Side, type: NetworkType, id?: EntityId): RecordedEvent[] {
  return events.filter((event) => event.type === type && (id === undefined || event.id === id))
}

export function countOf(side: Side, type: NetworkType): number {
  return eventsOf(side, type).length
}

/** The messages that a world has received, of one socket if given. */
export function messagesOf(side: Side, id?: EntityId): Uint8Array[] {
  return eventsOf(side, NetworkType.data, id).map(({ bytes }) => bytes)
}

/** The clients that a server has. */
export function clientsOf({ world, entity }: Side): EntityId[] {
  return [...query(world, [Socket, AcceptedBy(entity)])]
}

function copyOf(world: World, load: AsyncLoad): RecordedEvent {
  const { buffer: _, ...keys } = load.toJSON()
  const isData = load.type === NetworkType.data
  const subject = isData ? load.id : load.socket
  return {
    type: load.type,
    id: load.id,
    keys,
    bytes: isData ? getBufferBytes(load.buffer).slice() : new Uint8Array(),
    reason: Socket(world).disconnectReason[subject] ?? 0,
  }
}
