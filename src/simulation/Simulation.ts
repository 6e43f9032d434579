import { createVirtualClock } from '../clock/createVirtualClock.ts'
import { isError } from '../errors/isError.ts'
import { chooseConditions } from './chooseConditions.ts'
import { CostMeter, type CostPart } from './CostMeter.ts'
import { createObservedNetwork } from './createMemoryNetwork.ts'
import { createRandom } from './createRandom.ts'
import { type Fault } from './Fault.ts'
import { FaultPlayer } from './FaultPlayer.ts'
import { GameHost, type GameHostOptions } from './GameHost.ts'
import { perfectLine } from './LinkConditions.ts'
import { type MemoryNetwork } from './MemoryNetwork.ts'
import { RunStatistics } from './RunStatistics.ts'
import { type Invariant, type SimulateOptions, type SimulationRun } from './SimulateOptions.ts'
import {
  type SimulationCost,
  type SimulationFailure,
  type SimulationReport,
} from './SimulationReport.ts'

/** How many microtasks may follow from one another before a tick goes on: more than promises of promises need. */
const turnsOfMicrotasks = 32

/** One run: a network, its clock, a server and clients. */
export class Simulation<Server, Client> {
  readonly #clock = createVirtualClock()
  readonly #network: MemoryNetwork
  readonly #options: SimulateOptions<Server, Client>
  readonly #seed: number
  readonly #hz: number
  readonly #faults: readonly Fault[]
  readonly #statistics: RunStatistics
  readonly #meter: CostMeter | undefined
  readonly #server: GameHost<Server>
  readonly #clients: readonly GameHost<Client>[]
  readonly #player: FaultPlayer
  readonly #invariants: readonly (readonly [name: string, Invariant<Server, Client>])[]
  #tick = 0
  #failure: SimulationFailure | undefined

  /** @param faults those of the options, or drawn; in order of time */
  constructor(options: SimulateOptions<Server, Client>, faults: readonly Fault[]) {
    const { seed = 1, hz = 60, ticks, clients, conditions = {}, invariant = {} } = options
    this.#options = options
    this.#seed = seed
    this.#hz = hz
    this.#faults = faults
    this.#statistics = new RunStatistics(ticks, options.hashBytes ?? true)
    this.#network = createObservedNetwork(
      'simulate',
      { clock: this.#clock, random: createRandom(seed, 'network'), conditions },
      this.#statistics,
    )
    const host: GameHostOptions = {
      seed,
      clock: this.#clock,
      network: this.#network,
      statistics: this.#statistics,
      record: options.record,
      onError: (error) => this.#fail('error', nameOf(error), error),
    }
    this.#server = new GameHost('server', (game) => options.server(game), host)
    this.#clients = Array.from(
      { length: clients?.count ?? 0 },
      (_, index) =>
        new GameHost<Client>(`client ${index}`, (game) => clients!.start(game, index), host),
    )
    const games = [this.#server, ...this.#clients]
    const line = chooseConditions('simulate', perfectLine, conditions)
    this.#player = new FaultPlayer(faults, this.#network, line, games)
    this.#invariants =
      typeof invariant === 'function' ? [['', invariant]] : Object.entries(invariant)
    this.#meter = options.wallClock && new CostMeter(options.wallClock)
  }

  /** Runs it to its end. Returns what it was then, before its worlds were closed. */
  async run(): Promise<SimulationRun<Server, Client>> {
    const { ticks } = this.#options
    try {
      this.#server.start()
      for (const client of this.#clients) client.start()
      while (this.#tick < ticks && this.#failure === undefined && !(await this.#runTick()));
      return this.#view()
    } finally {
      this.#server.close()
      for (const client of this.#clients) client.close()
    }
  }

  #view(): SimulationRun<Server, Client> {
    return {
      seed: this.#seed,
      tick: this.#tick,
      nowMs: this.#clock.now(),
      server: this.#server.value,
      clients: this.#clients.map(({ value }) => value),
      network: this.#network,
    }
  }

  report(): SimulationReport {
    const simulatedMs = this.#clock.now()
    const { latency, events, ...traffic } = this.#statistics.report(simulatedMs)
    return {
      seed: this.#seed,
      hz: this.#hz,
      ticks: this.#tick,
      simulatedMs,
      clients: this.#clients.length,
      events,
      latency,
      ...traffic,
      faults: this.#faults,
      failure: this.#failure,
    }
  }

  cost(): SimulationCost | undefined {
    return this.#meter?.cost(this.#clock.now())
  }

  /** Runs the next tick. Returns whether the run is over. */
  async #runTick(): Promise<boolean> {
    const tick = ++this.#tick
    const clock = this.#clock
    this.#meter?.begin()
    this.#guard(() => clock.advance((tick * 1_000) / this.#hz - clock.now()))
    await settleMicrotasks()
    this.#guard(() => this.#player.play(clock.now()))
    this.#statistics.beginTick(tick, clock.now())
    this.#endPart('networkMs')
    this.#server.step(tick)
    this.#endPart('serverMs')
    for (const client of this.#clients) client.step(tick)
    await settleMicrotasks()
    this.#endPart('clientsMs')
    this.#meter?.endTick()
    if (this.#statistics.endTick(clock.now())) this.#meter?.endSpan(clock.now())
    return this.#checkRun()
  }

  #endPart(part: CostPart): void {
    this.#meter?.end(part)
  }

  /** Asks what the options say of the run. Returns whether it is over. */
  async #checkRun(): Promise<boolean> {
    const { until, afterTick } = this.#options
    const isAsked = until !== undefined || afterTick !== undefined || this.#invariants.length > 0
    if (!isAsked) return false
    const run = this.#view()
    for (const [name, invariant] of this.#invariants) this.#check(name, () => invariant(run))
    let isOver = false
    try {
      isOver = until?.(run) === true
      await afterTick?.(run)
    } catch (error) {
      this.#fail('error', nameOf(error), error)
    }
    return isOver
  }

  #check(name: string, holds: () => unknown): void {
    try {
      const result = holds()
      if (result === false) this.#fail('invariant', name, 'does not hold')
      else if (typeof result === 'string') this.#fail('invariant', name, result)
    } catch (error) {
      this.#fail('invariant', name, error)
    }
  }

  #guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#fail('error', nameOf(error), error)
    }
  }

  /** The first failure counts. */
  #fail(kind: 'invariant' | 'error', name: string, cause: unknown): void {
    this.#failure ??= {
      tick: this.#tick,
      atMs: this.#clock.now(),
      kind,
      name,
      message: isError(cause) ? cause.message : String(cause),
      cause,
    }
  }
}

function nameOf(error: unknown): string {
  return isError(error) ? error.name : 'error'
}

/** Lets all promises go on that wait for nothing but each other. */
async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < turnsOfMicrotasks; turn++) await Promise.resolve()
}
