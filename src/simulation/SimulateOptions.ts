import type { World } from 'bitecs'
import { type Clock } from '../clock/Clock.ts'
import { isObject } from '../errors/isObject.ts'
import { show, wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionCheck, type OptionTable } from '../errors/checkOptions.ts'
import { checkBoolean, checkFunction, integerIn } from '../errors/optionChecks.ts'
import { type RecordingSink } from '../recording/RecordingSink.ts'
import { chooseConditions } from './chooseConditions.ts'
import { type Fault } from './Fault.ts'
import { type FaultRates } from './FaultRates.ts'
import { perfectLine } from './LinkConditions.ts'
import { type ConditionsChoice, type JoinOptions, type MemoryNetwork } from './MemoryNetwork.ts'

/** What a game of a simulation is started with: instead of what a real one takes from its machine. */
export interface SimulatedGame {
  /** `'server'`, `'client 3'`: what faults and reports call it. */
  readonly name: string
  /** A world on the network of the run, for games that make none of their own. It is made when it is first asked for. */
  readonly world: World
  /**
   * Puts a world of the game's own on the network of the run. Do it before the world has sockets.
   *
   * @param options its address, if it is not to share 127.0.0.1 and its ports with the others
   * @returns the world
   * @throws TypeError for what is no world, for one that has joined, or for wrong options
   */
  readonly join: <W extends World>(world: W, options?: JoinOptions) => W
  /** The time of the run. */
  readonly clock: Clock
  /** Random numbers of this game: they follow from the seed and its name, whatever the others draw. */
  readonly random: () => number
  /** 1 when it starts first, and one more each time it starts again after a crash. */
  readonly starts: number
  readonly network: MemoryNetwork
}

/** A run as `until`, invariants and `afterTick` see it. */
export interface SimulationRun<Server, Client> {
  readonly seed: number
  /** The tick that has just been run, from 1. */
  readonly tick: number
  /** Milliseconds since the start. */
  readonly nowMs: number
  /** What `server` has returned; `undefined` until its promise is settled, and while it is crashed. */
  readonly server: Server | undefined
  /** What `clients.start` has returned, by index, likewise. */
  readonly clients: readonly (Client | undefined)[]
  readonly network: MemoryNetwork
}

/**
 * What must hold after each tick. It does not hold if it returns `false` or a text that says why, or throws.
 * Whatever else it returns is ignored.
 */
export type Invariant<Server, Client> = (run: SimulationRun<Server, Client>) => unknown

/** The clients of a run. */
export interface SimulatedClients<Client> {
  readonly count: number
  /** Starts a client: see {@link SimulateOptions.server}. */
  readonly start: (game: SimulatedGame, index: number) => Client | Promise<Client>
}

/** What `simulate` runs. */
export interface SimulateOptions<Server = unknown, Client = unknown> {
  /** An integer >= 0: everything of the run follows from it. Default: 1. */
  readonly seed?: number
  /** The most ticks that are run. */
  readonly ticks: number
  /** Ticks per second of the simulation, 1 to 1000. Default: 60. */
  readonly hz?: number
  /**
   * Starts the server, before the clients. What it returns says what a tick of it is: a function, or an object with a method
   * `step`, gets the number of each tick, from 1, and runs the tick as the game's own loop does, `NetworkSystem` included. If
   * it returns neither, a tick is `NetworkSystem` of its worlds. It may return a promise, such as one that waits for
   * `connectSocket`: ticks begin when that is settled. The run waits for nothing but its own time, so a promise that needs
   * more, such as one of a file, is settled at another tick each time.
   */
  readonly server: (game: SimulatedGame) => Server | Promise<Server>
  readonly clients?: SimulatedClients<Client>
  /** How all links are, at first. Default: perfect. */
  readonly conditions?: ConditionsChoice
  /** What goes wrong when, or how often: then it is drawn from the seed. Default: nothing. */
  readonly faults?: readonly Fault[] | FaultRates
  /** Ends the run after a tick if it returns `true`. */
  readonly until?: (run: SimulationRun<Server, Client>) => boolean
  /** What must hold after each tick, or several of it by their names. */
  readonly invariant?:
    Invariant<Server, Client> | Readonly<Record<string, Invariant<Server, Client>>>
  /** Runs after each tick, last. A promise is waited for: one that a timer settles lets the event loop turn. */
  readonly afterTick?: (run: SimulationRun<Server, Client>) => void | Promise<void>
  /** Whether the hash of the report is over the bytes of all messages too, which costs 1 ns a byte or so. Default: `true`. */
  readonly hashBytes?: boolean
  /**
   * Asked when a game starts, by its name and `starts`: a sink records its world as `recordNetwork` does, and ends with the
   * run or with a crash. A game that makes more than one world is asked for each.
   */
  readonly record?: (name: string, starts: number) => RecordingSink | undefined
  /** Real time in milliseconds, such as `() => performance.now()`: the result then has a `cost`. */
  readonly wallClock?: () => number
}

const checkHz: OptionCheck = (where, name, value) => {
  if (typeof value !== 'number') throw wrongType(where, name, 'a number', value)
  if (!(value >= 1 && value <= 1_000))
    throw new RangeError(`${where}: ${name} must be in 1..1000, got ${show(value)}`)
}

const clientChecks: OptionTable<SimulatedClients<unknown>> = {
  count: integerIn(0, 10_000),
  start: checkFunction,
}

const simulateChecks: OptionTable<SimulateOptions> = {
  seed: integerIn(0, Number.MAX_SAFE_INTEGER),
  ticks: integerIn(1, 100_000_000),
  hz: checkHz,
  server: checkFunction,
  clients(where, name, value) {
    const clients = value as SimulatedClients<unknown>
    const at = `${where}: ${name}`
    checkOptions(at, 'option', clients, clientChecks)
    clientChecks.count(at, 'count', clients.count)
    clientChecks.start(at, 'start', clients.start)
  },
  conditions(where, _name, value) {
    chooseConditions(where, perfectLine, value as ConditionsChoice)
  },
  faults(where, name, value) {
    // The rest is checked where the number of clients is known.
    if (!isObject(value)) throw wrongType(where, name, 'faults or rates of faults', value)
  },
  until: checkFunction,
  invariant(where, name, value) {
    if (typeof value === 'function') return
    if (!isObject(value)) throw wrongType(where, name, 'a function, or several by name', value)
    for (const [each, check] of Object.entries(value))
      checkFunction(where, `${name}[${show(each)}]`, check)
  },
  afterTick: checkFunction,
  hashBytes: checkBoolean,
  record: checkFunction,
  wallClock: checkFunction,
}

/** Checks the options of a run. Throws a TypeError or RangeError for wrong ones, and for what must be given and is not. */
export function checkSimulateOptions<Server, Client>(
  where: string,
  options: SimulateOptions<Server, Client>,
): SimulateOptions<Server, Client> {
  const checked = checkOptions<object>(where, 'option', options, simulateChecks)
  simulateChecks.ticks(where, 'ticks', options.ticks)
  simulateChecks.server(where, 'server', options.server)
  return checked as SimulateOptions<Server, Client>
}
