// A server world and client worlds that replicate, by memory and in virtual time.

import { type EntityId, hasComponent, type World } from 'bitecs'
import {
  closeNetwork,
  Connected,
  connectSocket,
  createServer,
  createSocket,
  createVirtualClock,
  type NetworkConfig,
  NetworkSystem,
  setNetworkConfig,
  SocketType,
  type VirtualClock,
} from 'bitecs-networking'
import {
  joinReplication,
  Joined,
  ReplicationSystem,
  serveReplication,
  type ServeOptions,
} from 'bitecs-networking/replication'
import {
  type ConditionsChoice,
  createMemoryNetwork,
  type MemoryNetwork,
} from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { clientsOf } from '../lib/sockets.ts'

/** A client, seen from both sides. */
export interface Guest<W extends World> {
  readonly world: W
  socket: EntityId
  /** The server's end; −1 until it is accepted. */
  accepted: EntityId
  /** What joining has come to; a test sees it after an `await`. */
  outcome: number | undefined
}

export interface TroupeOptions {
  readonly serve?: ServeOptions
  readonly conditions?: ConditionsChoice
  readonly seed?: number
  readonly type?: SocketType
  readonly config?: Partial<NetworkConfig>
}

const port = 6510

/** Worlds that are made by one function, one of which is the server. */
export class Troupe<W extends World> {
  readonly clock: VirtualClock = createVirtualClock()
  readonly network: MemoryNetwork
  readonly host: W
  readonly server: EntityId
  readonly guests: Guest<W>[] = []
  readonly warnings: string[] = []
  readonly #make: () => W
  readonly #type: SocketType
  readonly #config: Partial<NetworkConfig>
  tick = 0

  constructor(make: () => W, options: TroupeOptions = {}) {
    const { serve = {}, conditions = {}, seed = 1, type = SocketType.tcp, config = {} } = options
    this.#make = make
    this.#type = type
    this.#config = config
    this.network = createMemoryNetwork({ clock: this.clock, random: mulberry32(seed), conditions })
    this.host = this.world()
    this.server = createServer(this.host, type, port)
    assert.is(serveReplication(this.host, this.server, serve), this.server)
  }

  /** Runs a case with a troupe that is closed in the end. */
  static with<W extends World>(
    make: () => W,
    run: (troupe: Troupe<W>) => Promise<void> | void,
    options: TroupeOptions = {},
  ): () => Promise<void> {
    return async () => {
      const troupe = new Troupe(make, options)
      try {
        await run(troupe)
      } finally {
        for (const world of [troupe.host, ...troupe.guests.map((guest) => guest.world)])
          closeNetwork(world)
      }
    }
  }

  world(made: W = this.#make()): W {
    this.network.join(made)
    const warn = (message: string): void => void this.warnings.push(message)
    setNetworkConfig(made, { warn, ...this.#config })
    return made
  }

  /** A client that has not connected. */
  guest(world: W = this.world()): Guest<W> {
    const guest = {
      world,
      socket: createSocket(world, this.#type),
      accepted: -1,
      outcome: undefined,
    }
    this.guests.push(guest)
    return guest
  }

  connect(guest: Guest<W> = this.guest()): Guest<W> {
    const before = new Set(clientsOf(this.host, this.server))
    const added = (): EntityId | undefined =>
      clientsOf(this.host, this.server).find((it) => !before.has(it))
    void connectSocket(guest.world, guest.socket, '127.0.0.1', port)
    this.until(() => added() !== undefined && hasComponent(guest.world, guest.socket, Connected))
    guest.accepted = added()!
    this.pass(1)
    return guest
  }

  /** Says hello, but does not wait. */
  hello(guest: Guest<W>): void {
    guest.outcome = undefined
    void joinReplication(guest.world, guest.socket).then((outcome) => (guest.outcome = outcome))
  }

  /** A client that has connected and joined. */
  join(guest?: Guest<W>): Guest<W> {
    const connected = this.connect(guest)
    this.hello(connected)
    this.until(() => hasComponent(connected.world, connected.socket, Joined))
    return connected
  }

  /** Lets time pass, with a tick of all worlds each millisecond. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed++) {
      this.clock.advance(1)
      for (const world of [this.host, ...this.guests.map((guest) => guest.world)])
        NetworkSystem(world)
    }
  }

  until(condition: () => boolean, limitMs = 20_000): void {
    const startMs = this.clock.now()
    while (!condition()) {
      assert.ok(this.clock.now() - startMs < limitMs, `not in time: ${String(condition)}`)
      this.pass(1)
    }
  }

  /** A snapshot of the next tick, and the time that it takes to come. */
  snapshot(ms = 3): void {
    ReplicationSystem(this.host, ++this.tick)
    this.pass(ms)
    for (const { world } of this.guests) ReplicationSystem(world)
    this.pass(1)
  }
}
