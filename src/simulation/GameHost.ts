import { createWorld, type World } from 'bitecs'
import { NetworkSystem } from '../../systems/NetworkSystem.ts'
import { closeNetwork } from '../api/closeNetwork.ts'
import { setNetworkConfig } from '../api/setNetworkConfig.ts'
import { type Clock } from '../clock/Clock.ts'
import { isObject } from '../errors/isObject.ts'
import { type Recording, recordNetwork } from '../recording/recordNetwork.ts'
import { createRandom } from './createRandom.ts'
import { type JoinOptions, type MemoryNetwork } from './MemoryNetwork.ts'
import { type RunStatistics } from './RunStatistics.ts'
import { type SimulatedGame, type SimulateOptions } from './SimulateOptions.ts'

/** What the games of a run share. */
export interface GameHostOptions {
  readonly seed: number
  readonly clock: Clock
  readonly network: MemoryNetwork
  readonly statistics: RunStatistics
  readonly record: SimulateOptions['record']
  /** Gets what the code of a game has thrown. */
  readonly onError: (error: unknown) => void
}

/** One game of a run: its worlds, its ticks, its crashes. */
export class GameHost<Value> {
  readonly name: string
  /** What it has returned when it was started. */
  value: Value | undefined
  readonly #options: GameHostOptions
  readonly #start: (game: SimulatedGame) => Value | Promise<Value>
  /** The worlds of this life of it. */
  #worlds: World[] = []
  #recordings: Recording[] = []
  #step: ((tick: number) => void) | undefined
  #starts = 0

  constructor(
    name: string,
    start: (game: SimulatedGame) => Value | Promise<Value>,
    options: GameHostOptions,
  ) {
    this.name = name
    this.#start = start
    this.#options = options
  }

  get worlds(): readonly World[] {
    return this.#worlds
  }

  get isRunning(): boolean {
    return this.#starts > 0 && this.#worlds !== noWorlds
  }

  /** Starts it, for the first time or after a crash. */
  start(): void {
    const { onError } = this.#options
    const starts = ++this.#starts
    this.#worlds = []
    // It may have crashed while it was waited for.
    const isThisLife = (): boolean => this.#starts === starts && this.isRunning
    const take = (value: Value): void => {
      if (!isThisLife()) return
      this.value = value
      this.#step = stepOf(value) ?? (() => this.#stepWorlds())
    }
    try {
      const started = this.#start(this.#createGame(starts, this.#worlds))
      if (started instanceof Promise)
        started.then(take).catch((error: unknown) => {
          if (isThisLife()) onError(error)
        })
      else take(started)
    } catch (error) {
      onError(error)
    }
  }

  /** Runs a tick, if it runs. */
  step(tick: number): void {
    try {
      this.#step?.(tick)
    } catch (error) {
      this.#options.onError(error)
    }
  }

  /** It loses power. */
  crash(): void {
    const { network } = this.#options
    for (const world of this.#worlds) network.crash(world)
    this.close()
  }

  /** Closes its worlds. */
  close(): void {
    const { statistics, onError } = this.#options
    const worlds = this.#worlds
    this.#worlds = noWorlds
    for (const recording of this.#recordings.splice(0)) recording.stop()
    this.#step = this.value = undefined
    for (const world of worlds) {
      statistics.close(world)
      try {
        closeNetwork(world)
      } catch (error) {
        onError(error)
      }
    }
  }

  #stepWorlds(): void {
    for (const world of this.#worlds) NetworkSystem(world)
  }

  #createGame(starts: number, worlds: World[]): SimulatedGame {
    const { seed, clock, network, statistics, record } = this.#options
    const life = `${this.name}, start ${starts}`
    const join = <W extends World>(world: W, options?: JoinOptions): W => {
      network.join(world, options)
      // Its own, so that what one game does changes nothing for another.
      const random = createRandom(seed, `${life}, sockets of world ${worlds.length}`)
      setNetworkConfig(world, { random })
      const sink = record?.(this.name, starts)
      if (sink !== undefined) this.#recordings.push(recordNetwork(world, sink))
      statistics.observe(this.name, world)
      worlds.push(world)
      return world
    }
    let world: World | undefined
    return {
      name: this.name,
      get world() {
        return (world ??= join(createWorld()))
      },
      join,
      clock,
      random: createRandom(seed, life),
      starts,
      network,
    }
  }
}

/** The worlds of a game that does not run. */
const noWorlds: World[] = []

/** What runs a tick of a game, of what it has returned. */
function stepOf(value: unknown): ((tick: number) => void) | undefined {
  if (typeof value === 'function') return value as (tick: number) => void
  if (!isObject(value) || !('step' in value) || typeof value.step !== 'function') return undefined
  const game = value as { step(tick: number): void }
  return (tick) => game.step(tick)
}
