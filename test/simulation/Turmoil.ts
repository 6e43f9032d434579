// A host and its guests over all kinds of sockets at once, while everything that can happen to their lines and machines does.
// All of it follows from the seed. It runs in Node and in pages alike.

import { createVirtualClock, NetworkSystem, Socket } from 'bitecs-networking'
import {
  type Between,
  createMemoryNetwork,
  type LinkConditions,
  type MemoryNetwork,
} from 'bitecs-networking/simulation'
import { mulberry32 } from '../lib/random.ts'
import { Ledger } from './Ledger.ts'
import { Member } from './Member.ts'
import { Trace } from './Trace.ts'

const stepMs = 50
const guestCount = 4
const sizes = [12, 12, 13, 40, 40, 100, 100, 500, 1_187, 1_188, 1_189, 3_000, 20_000]
/** A line may be so slow that a handshake does not come in time. */
const lateHandshake = /sent no (?:greeting|handshake) of GameMaker's/
/** Longer than every time limit of the library. */
const settleMs = 30_000
/** What was repeated often enough comes this late: the time between repetitions doubles. */
const settleMsMax = 1_800_000
/** Longer than a clock that nobody asks goes on. */
const restMs = 130_000

interface TurmoilOptions {
  /** Ticks in which things happen. */
  readonly ticks: number
  readonly trace?: Trace
}

/** What a game comes to. */
export interface Outcome {
  readonly whole: number
  readonly spoiled: number
  readonly crashes: number
  readonly lostPackets: number
}

export class Turmoil {
  readonly #random: () => number
  readonly #clock = createVirtualClock()
  readonly #ledger = new Ledger()
  readonly #trace: Trace | undefined
  readonly #ticks: number
  readonly #network: MemoryNetwork
  /** By address; `undefined` while a machine is down. */
  readonly #members = new Map<string, Member | undefined>()
  readonly #warnings: string[] = []
  /** What happens at a tick. */
  readonly #plans: { readonly tick: number; readonly run: () => void }[] = []
  #tick = 0
  #crashes = 0

  constructor(seed: number, { ticks, trace }: TurmoilOptions) {
    this.#random = mulberry32(seed)
    this.#ticks = ticks
    this.#trace = trace
    const conditions = this.#drawConditions()
    const random = mulberry32(seed + 1_000_000_000)
    this.#network = createMemoryNetwork({ clock: this.#clock, random, conditions })
  }

  /** Plays it, and throws for everything that must not be. */
  async play(): Promise<Outcome> {
    const addresses = Array.from({ length: guestCount + 1 }, (_, index) => `10.0.0.${index + 1}`)
    for (const ip of addresses) this.#join(ip)
    while (this.#tick < this.#ticks) {
      this.#happen()
      await this.#pass()
    }
    await this.#settle()
    this.#ledger.check()
    await this.#end()
    const { whole, spoiled } = this.#ledger
    const { lostPackets } = this.#network
    return { whole, spoiled, crashes: this.#crashes, lostPackets }
  }

  /** One tick of everybody. */
  async #pass(): Promise<void> {
    this.#clock.advance(stepMs)
    for (const member of this.#present()) NetworkSystem(member.world)
    if (this.#trace !== undefined) this.#noteAll(this.#trace)
    this.#tick++
    // Most ticks come one after the other, as in a loop that never waits.
    if (this.#tick % 8 === 0) await Promise.resolve()
    for (const plan of this.#plans.splice(0))
      if (plan.tick <= this.#tick) plan.run()
      else this.#plans.push(plan)
  }

  #happen(): void {
    const random = this.#random
    for (const member of this.#present()) {
      for (let count = Math.floor(random() * 3); count > 0; count--)
        member.say(random, this.#choose(sizes))
      if (random() < 0.01) member.hangUp(random)
      if (random() < 0.1) member.reconnect()
    }
    if (random() < 0.02) {
      // What is sent from then on must not overtake what is on its way.
      const conditions = random() < 0.2 ? 'perfect' : this.#drawConditions()
      this.#network.setConditions(conditions, this.#between())
    }
    if (random() < 0.02) this.#cut(this.#between())
    if (random() < 0.005) this.#crash(this.#choose([...this.#members.keys()]))
  }

  #cut(between: Between): void {
    this.#network.cut(between)
    // Mostly for shorter than any time limit, at times for longer than all.
    const ticks = this.#random() < 0.1 ? 500 : Math.floor(this.#random() * 60)
    this.#plan(ticks, () => {
      const isThere = [between.from, between.to].every(
        (world) => world === undefined || this.#present().some((member) => member.world === world),
      )
      if (isThere) this.#network.heal(between)
    })
  }

  #crash(ip: string): void {
    const member = this.#members.get(ip)
    if (member === undefined) return
    this.#crashes++
    this.#members.set(ip, undefined)
    this.#warnings.push(...member.warnings)
    member.crash()
    this.#plan(Math.floor(this.#random() * 40), () => this.#join(ip))
  }

  #join(ip: string): void {
    this.#members.set(
      ip,
      new Member({ network: this.#network, ledger: this.#ledger, trace: this.#trace }, ip),
    )
  }

  #plan(ticks: number, run: () => void): void {
    this.#plans.push({ tick: this.#tick + ticks, run })
  }

  /** The weather clears, and everything comes that has to. */
  async #settle(): Promise<void> {
    for (const { run } of this.#plans.splice(0)) run()
    this.#network.heal()
    this.#network.setConditions('lan')
    const startMs = this.#clock.now()
    const isDone = (ms: number): boolean => ms >= settleMs && this.#ledger.isComplete
    for (let ms = 0; ms < settleMsMax && !isDone(ms); ms = this.#clock.now() - startMs)
      await this.#pass()
  }

  /** All go, and nothing of them is left. */
  async #end(): Promise<void> {
    const members = this.#present()
    for (const member of members) member.close()
    for (let ms = 0; ms < settleMsMax && this.#network.onTheirWay > 0; ms += restMs)
      this.#clock.advance(restMs)
    this.#clock.advance(restMs)
    await Promise.resolve()
    for (const { ip, sockets } of members)
      if (sockets.length > 0) throw new Error(`${sockets.length} sockets left at ${ip}`)
    const { onTheirWay } = this.#network
    if (onTheirWay > 0) throw new Error(`${onTheirWay} on their way for ever`)
    const { pendingTimers } = this.#clock
    if (pendingTimers > 0) throw new Error(`${pendingTimers} timers left`)
    for (const { warnings } of members) this.#warnings.push(...warnings)
    const warning = this.#warnings.find((each) => !lateHandshake.test(each))
    if (warning !== undefined) throw new Error(`warned: ${warning}`)
    // Every port is free again.
    for (const { ip } of members) this.#join(ip)
    for (const member of this.#present()) member.close()
  }

  #present(): readonly Member[] {
    return [...this.#members.values()].filter((member) => member !== undefined)
  }

  #noteAll(trace: Trace): void {
    trace.note(this.#network.lostPackets, this.#network.onTheirWay)
    for (const { world, sockets } of this.#present()) {
      const columns = Object.values(Socket(world)) as (readonly (string | number | boolean)[])[]
      for (const socket of sockets) trace.note(socket, ...columns.map((column) => column[socket]))
    }
  }

  /** All lines, those from or to one, or one. */
  #between(): Between {
    const worlds = this.#present().map(({ world }) => world)
    const [from, to] = [this.#choose(worlds), this.#choose(worlds)]
    if (from === undefined || to === undefined) return {}
    return this.#choose([{}, { from }, { to }, { from, to }])
  }

  #drawConditions(): LinkConditions {
    return {
      latencyMs: this.#choose([0, 1, 20, 100]),
      jitterMs: this.#choose([0, 5, 50]),
      jitter: this.#choose(['uniform', 'normal', 'pareto']),
      loss: this.#choose([0, 0.01, 0.05, 0.2]),
      burst: this.#choose([false, { start: 0.01, end: 0.2, loss: 0.5 }]),
      duplicate: this.#choose([0, 0.05, 0.5]),
      reorder: this.#choose([0, 0.05, 0.3]),
      corrupt: this.#choose([0, 0.01, 0.05]),
      bytesPerSecond: this.#choose([Infinity, 1_000_000, 300_000]),
      queueBytes: this.#choose([1_000, 65_536]),
      mtu: this.#choose([300, 576, 1_500]),
      sliceBytes: this.#choose([40, 1_460, Infinity]),
    }
  }

  #choose<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.#random() * values.length)]!
  }
}

/** The hash of everything that happens in a game: each event with its bytes, each result, each counter after each tick. */
export async function hashTurmoil(seed: number, ticks: number): Promise<string> {
  const trace = new Trace()
  const outcome = await new Turmoil(seed, { ticks, trace }).play()
  trace.note(JSON.stringify(outcome))
  return trace.hex
}
