import { createWorld, type EntityId, hasComponent, type World } from 'bitecs'
import {
  closeNetwork,
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
  type ConditionsChoice,
  createMemoryNetwork,
  type JoinOptions,
  type MemoryNetwork,
} from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { clientsOf } from '../lib/sockets.ts'

const stepMs = 1

/** A connection, seen from both worlds. */
export interface LabLink {
  readonly client: EntityId
  readonly accepted: EntityId
}

/** Worlds of one network in memory, in virtual time. Nothing in it waits for anything real. */
export class Lab {
  readonly clock: VirtualClock = createVirtualClock()
  readonly network: MemoryNetwork
  readonly #worlds: World[] = []

  /** Runs a case with a lab that is closed in the end. */
  static with(run: (lab: Lab) => void, conditions: ConditionsChoice = {}, seed = 1): () => void {
    return () => {
      const lab = new Lab(conditions, seed)
      try {
        run(lab)
      } finally {
        for (const world of lab.#worlds) closeNetwork(world)
      }
    }
  }

  constructor(conditions: ConditionsChoice, seed: number) {
    this.network = createMemoryNetwork({
      clock: this.clock,
      random: mulberry32(seed),
      conditions,
    })
  }

  world(options: JoinOptions = {}): World {
    const world = createWorld()
    this.network.join(world, options)
    this.#worlds.push(world)
    return world
  }

  /** Lets time pass, with a tick of all worlds each millisecond. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(stepMs)
      for (const world of this.#worlds) NetworkSystem(world)
    }
  }

  /** Lets time pass until a condition holds. Returns how much. */
  until(condition: () => boolean, limitMs = 120_000): number {
    const startMs = this.clock.now()
    while (!condition()) {
      assert.ok(
        this.clock.now() - startMs < limitMs,
        `not after ${limitMs} ms: ${String(condition)}`,
      )
      this.pass(stepMs)
    }
    return this.clock.now() - startMs
  }

  /** Connects two worlds. */
  link(host: World, guest: World, type: SocketType = SocketType.tcp): LabLink {
    const server = createServer(host, type, 6510)
    assert.ok(server > 0, `createServer: ${server}`)
    const client = createSocket(guest, type)
    void connectSocket(guest, client, '127.0.0.1', 6510)
    this.until(() => hasComponent(guest, client, Connected) && clientsOf(host, server).length === 1)
    return { client, accepted: clientsOf(host, server)[0]! }
  }
}
