// R-14 over a network in memory: reliable UDP by the public functions, on every line of the grid, in virtual time.

import { addEntity, createWorld, type EntityId, query, type World } from 'bitecs'
import {
  createServer,
  createSocket,
  createVirtualClock,
  destroySocket,
  getBufferBytes,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createMemoryNetwork, type LinkConditions } from 'bitecs-networking/simulation'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { type Lane, Ledger } from './Ledger.ts'

const seeds = amountOf({ test: 40, ci: 1_000, soak: 10_000 })
const tickMs = 10
const sizes = [12, 13, 100, 1_187, 1_188, 1_189, 2_376, 5_000]
/** A line so bad that an end may give the other up, who is told then. */
const hardLoss = 0.5
/** A peer is given 10 s. */
const cutMsMax = 4_500
const cutMsOnce = 3_000

const choose = <Value>(random: () => number, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)]!

/** A line of the grid. What makes a bad one worse comes only where messages still pass within the time limit of a peer. */
function drawConditions(random: () => number): LinkConditions {
  const loss = choose(random, [0, 0.01, 0.05, 0.1, 0.2, 0.3, hardLoss])
  const isFair = loss <= 0.1
  return {
    loss,
    latencyMs: choose(random, [0, 1, 10, 50, 250]),
    jitterMs: choose(random, [0, 1, 30, 100]),
    jitter: choose(random, ['uniform', 'normal', 'pareto']),
    burst: isFair ? choose(random, [false, { start: 0.02, end: 0.2, loss: 0.8 }]) : false,
    duplicate: choose(random, [0, 0.05, 0.25, 0.5]),
    reorder: choose(random, [0, 0, 0.05, 0.3]),
    corrupt: choose(random, [0, 0, 0.01, 0.1]),
    bytesPerSecond: choose(random, [Infinity, Infinity, 1_000_000]),
    queueBytes: 65_536,
    mtu: isFair ? choose(random, [576, 1_500, 9_000]) : 1_500,
    sliceBytes: Infinity,
  }
}

interface End {
  readonly world: World
  readonly ip: string
  readonly socket: EntityId
}

function refuseWarning(message: string): never {
  throw new Error(`warned: ${message}`)
}

/** A game of two. */
class Pair {
  readonly #random: () => number
  readonly #clock = createVirtualClock()
  readonly #network
  readonly #conditions: LinkConditions
  readonly #ledger = new Ledger()
  readonly #kind: 'ordered' | 'reliable'
  readonly #ends: readonly [End, End]
  readonly #lanes: readonly [Lane, Lane]
  #losses = 0
  /** For how long something was cut, in all. */
  #cutMs = 0

  constructor(seed: number) {
    this.#random = mulberry32(seed)
    this.#kind = seed % 2 === 1 ? 'ordered' : 'reliable'
    const conditions = drawConditions(this.#random)
    this.#conditions = conditions
    const random = mulberry32(seed + 1_000_000_000)
    this.#network = createMemoryNetwork({ clock: this.#clock, random, conditions })
    this.#ends = [this.#open('10.0.0.1', true), this.#open('10.0.0.2', false)]
    const [one, other] = this.#ends
    const names = this.#ends.map(({ ip, world, socket }) => `${ip}:${Socket(world).port[socket]}`)
    this.#lanes = [
      this.#ledger.open(this.#kind, names[0]!, names[1]!),
      this.#ledger.open(this.#kind, names[1]!, names[0]!),
    ]
    for (const { world } of [one, other])
      onNetworking(world, addEntity(world), (_world, _self, load) => {
        if (load.type === NetworkType.data) this.#ledger.read(getBufferBytes(load.buffer))
        else {
          this.#losses++
          this.#ledger.breakBetween(names[0]!, names[1]!)
        }
      })
  }

  play(): { readonly messages: number; readonly losses: number; readonly spoiled: number } {
    const { loss, corrupt } = this.#conditions
    // Who has sent first repeats as much as it takes. Towards one that has acknowledged nothing yet, who has only been sent to
    // stops at three times the bytes that came, and gives it up: so here both begin.
    for (const index of [0, 1] as const) this.#send(index)
    const rounds = 2 + Math.floor(this.#random() * 4)
    for (let round = 0; round < rounds; round++) {
      for (const index of [0, 1] as const)
        for (let count = Math.floor(this.#random() * 5); count > 0; count--) this.#send(index)
      if (loss <= 0.2 && this.#random() < 0.2) this.#cut()
      this.#pass(this.#random() * 200)
    }
    this.#network.heal()
    for (let ms = 0; ms < 60_000 && !this.#ledger.isComplete; ms += tickMs) this.#pass(tickMs)
    this.#ledger.check()
    // What is still on its way brings nothing again.
    this.#pass(2_000)
    this.#close()
    const { whole, spoiled } = this.#ledger
    if (loss < hardLoss && this.#losses > 0) throw new Error('an end was given up')
    // A datagram whose header has changed is no more of the reliable layer: it comes as a plain one.
    if (corrupt === 0 && spoiled > 0)
      throw new Error(`${spoiled} messages are not as they were sent`)
    return { messages: whole, losses: this.#losses, spoiled }
  }

  #open(ip: string, isServer: boolean): End {
    const world = createWorld()
    this.#network.join(world, { ip })
    setNetworkConfig(world, { warn: refuseWarning })
    const { udp } = SocketType
    const socket = isServer ? createServer(world, udp, 6510) : createSocket(world, udp)
    const reliable = this.#kind === 'ordered' ? 'ordered' : true
    assert.is(setNetworkConfig(world, socket, { reliable }), 0)
    return { world, ip, socket }
  }

  #send(index: 0 | 1): void {
    const { world, socket } = this.#ends[index]
    const { ip, world: peerWorld, socket: peer } = this.#ends[1 - index]!
    const lane = this.#lanes[index]
    const bytes = this.#ledger.write(lane, choose(this.#random, sizes))
    const port = Socket(peerWorld).port[peer]!
    const result = sendUdp(world, socket, ip, port, bytes)
    if (result !== bytes.length + 12) throw new Error(`sendUdp returned ${result}`)
    lane.sent++
  }

  /** One direction or both, in all for less than a peer is given: between two cuts a round trip may not come about. */
  #cut(): void {
    if (this.#cutMs > cutMsMax - cutMsOnce) return
    const [from, to] = this.#ends.map(({ world }) => world)
    const between = choose(this.#random, [{}, { from: from!, to: to! }, { from: to! }])
    this.#network.cut(between)
    const cutMs = this.#random() * cutMsOnce
    this.#cutMs += cutMs
    this.#pass(cutMs)
    this.#network.heal(between)
  }

  #pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += tickMs) {
      this.#clock.advance(tickMs)
      for (const { world } of this.#ends) NetworkSystem(world)
    }
  }

  #close(): void {
    for (const { world, socket } of this.#ends) {
      destroySocket(world, socket)
      if (query(world, [Socket]).length > 0) throw new Error('a socket is left')
    }
    // Longer than a clock that nobody asks goes on.
    this.#clock.advance(130_000)
    const { onTheirWay } = this.#network
    const { pendingTimers } = this.#clock
    if (onTheirWay + pendingTimers > 0)
      throw new Error(`${onTheirWay} datagrams and ${pendingTimers} timers left`)
  }
}

spec(
  `reliable UDP in memory (SEED=${rowSeed})`,
  (it) => {
    it(`${seeds} seeds: every message once, in order where asked for, and nothing left`, () => {
      const sums = { messages: 0, losses: 0, spoiled: 0 }
      for (let seed = rowSeed; seed < rowSeed + seeds; seed++)
        try {
          const { messages, losses, spoiled } = new Pair(seed).play()
          sums.messages += messages
          sums.losses += losses
          sums.spoiled += spoiled
        } catch (error) {
          throw new Error(`SEED=${seed}: ${String(error)}`, { cause: error })
        }
      assert.ok(sums.messages > seeds * 4, `${sums.messages} messages`)
      figure(
        'R-14',
        `in memory, ${seeds} seeds from ${rowSeed}: ${sums.messages} messages, each once; ${sums.losses} losses told`,
      )
    })
  },
  30_000 + seeds * 200,
)
