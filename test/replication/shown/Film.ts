// A server and a client in virtual time over a network in memory, and what the client shows in each frame.

import { addComponents, addEntity, createWorld, hasComponent, query, type World } from 'bitecs'
import {
  Connected,
  connectSocket,
  createServer,
  createSocket,
  createVirtualClock,
  NetworkSystem,
  SocketType,
  type VirtualClock,
} from 'bitecs-networking'
import {
  type ComponentOptions,
  InterpolationSystem,
  Joined,
  joinReplication,
  range,
  replicate,
  Replicated,
  Replication,
  ReplicationSystem,
  serveReplication,
  Shown,
  shown,
} from 'bitecs-networking/replication'
import {
  createMemoryNetwork,
  type LinkConditions,
  type MemoryNetwork,
} from 'bitecs-networking/simulation'
import { mulberry32 } from '../../lib/random.ts'

export const tickMs: number = 1_000 / 60
/** Server ticks between two snapshots. */
export const ticksBetween = 3
export const quantum: number = 1 / 16

interface Stores {
  readonly Place: { readonly x: number[]; readonly y: number[] }
  /** The server's tick, so that what is shown of it is the shown tick. */
  readonly Time: { readonly tick: number[] }
  /** Not interpolated. */
  readonly Plain: object
}

type StageWorld = World<Stores>

function createGame(options: ComponentOptions): StageWorld {
  const world = createWorld<Stores>({ Place: { x: [], y: [] }, Time: { tick: [] }, Plain: {} })
  replicate(world, {
    Place: [world.Place, { x: range(0, 16_384, quantum), y: range(0, 16_384, quantum) }, options],
    Time: [world.Time, { tick: range(0, 100_000, 1) }, { interpolate: true }],
    Plain: [world.Plain],
  })
  return world
}

/** One frame of the client, with what it shows of an entity. */
export interface Picture {
  readonly nowMs: number
  readonly x: number
  readonly y: number
  /** The shown tick. */
  readonly tick: number
  /** The tick of the newest snapshot. */
  readonly newest: number
  readonly jitterMs: number
}

export interface StageOptions {
  readonly seed: number
  readonly conditions?: Partial<LinkConditions>
  /** How `Place` is replicated. Default: mixed. */
  readonly options?: ComponentOptions
}

/** Both ends, connected and joined. */
export class Stage {
  readonly clock: VirtualClock = createVirtualClock()
  readonly random: () => number
  readonly network: MemoryNetwork
  readonly server: StageWorld
  readonly client: StageWorld
  readonly socket: number
  /** The next tick of the server. */
  tick = 1
  /** The client's frames are so much later than the server's ticks. */
  readonly frameLagMs = 7

  constructor({ seed, conditions = {}, options = { interpolate: true } }: StageOptions) {
    this.random = mulberry32(seed)
    const { clock, random } = this
    this.network = createMemoryNetwork({ clock, random })
    this.server = createGame(options)
    this.client = createGame(options)
    for (const world of [this.server, this.client]) this.network.join(world)
    const listener = createServer(this.server, SocketType.ws, 6_510)
    serveReplication(this.server, listener)
    this.socket = createSocket(this.client, SocketType.ws)
    this.network.setConditions(conditions)
  }

  /** Connects and joins. */
  async open(): Promise<void> {
    const { client, socket } = this
    void connectSocket(client, socket, '127.0.0.1', 6_510)
    while (!hasComponent(client, socket, Connected)) await this.step()
    void joinReplication(client, socket)
    while (!hasComponent(client, socket, Joined)) await this.step()
  }

  /** A tick of the server and a frame of the client. */
  run(move?: (tick: number) => void): void {
    this.runTick(move)
    this.runFrame()
  }

  async step(): Promise<void> {
    this.run()
    for (let turn = 0; turn < 4; turn++) await Promise.resolve()
  }

  /** Waits for the server's next tick and runs it. */
  runTick(move: (tick: number) => void = () => {}): void {
    const { clock, server, tick } = this
    clock.advance(Math.max(tick * tickMs - clock.now(), 0))
    NetworkSystem(server)
    move(tick)
    for (const entity of query(server, [server.Time])) server.Time.tick[entity] = tick
    if (tick % ticksBetween === 0) ReplicationSystem(server, tick)
    this.tick++
  }

  /**
   * Waits for the client's next frame, after the last tick of the server, and runs it.
   *
   * @param isSeen `false` for a tick of a page that is hidden
   */
  runFrame(isSeen = true): void {
    const { clock, client } = this
    clock.advance(Math.max((this.tick - 1) * tickMs + this.frameLagMs - clock.now(), 0))
    NetworkSystem(client)
    if (isSeen) InterpolationSystem(client)
    ReplicationSystem(client)
  }

  /** An entity that does nothing but show what tick is shown. */
  addPilot(): void {
    const { server } = this
    const entity = addEntity(server)
    server.Time.tick[entity] = this.tick
    addComponents(server, entity, [server.Time, server.Plain, Replicated])
  }

  /** A replicated entity of the server, at a place. */
  add(x: number, y: number): number {
    const { server } = this
    const entity = addEntity(server)
    server.Place.x[entity] = x
    server.Place.y[entity] = y
    server.Time.tick[entity] = this.tick
    addComponents(server, entity, [server.Place, server.Time, Replicated])
    return entity
  }

  /** The tick that the client's last frame has shown, as the pilot says. */
  shownTick(): number {
    const { client } = this
    const pilot = query(client, [client.Time, client.Plain, Shown])[0]
    return pilot === undefined ? NaN : shown(client, client.Time).tick[pilot]!
  }

  newestTick(): number {
    return Replication(this.client).tick[this.socket]!
  }

  /** What the client shows of its only entity, if it does. */
  picture(): Picture | undefined {
    const { client, socket, clock } = this
    const entity = query(client, [client.Place, Shown])[0]
    if (entity === undefined) return undefined
    const at = shown(client, client.Place)
    const store = Replication(client)
    return {
      nowMs: clock.now(),
      x: at.x[entity]!,
      y: at.y[entity]!,
      tick: shown(client, client.Time).tick[entity]!,
      newest: store.tick[socket]!,
      jitterMs: store.jitter[socket]!,
    }
  }
}

/** Films an entity that is where `path` says at each tick. */
export async function film(
  options: StageOptions & {
    readonly seconds: number
    readonly path: (tick: number) => readonly [x: number, y: number]
    /** Runs before each tick of the server. */
    readonly before?: (stage: Stage) => void
  },
): Promise<Picture[]> {
  const stage = new Stage(options)
  await stage.open()
  const entity = stage.add(...options.path(stage.tick))
  const { Place } = stage.server
  const pictures: Picture[] = []
  const end = stage.tick + options.seconds * 60
  while (stage.tick < end) {
    options.before?.(stage)
    stage.runTick((tick) => {
      const [x, y] = options.path(tick)
      Place.x[entity] = x
      Place.y[entity] = y
    })
    stage.runFrame()
    const picture = stage.picture()
    if (picture !== undefined) pictures.push(picture)
  }
  return pictures
}
