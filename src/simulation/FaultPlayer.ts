import type { World } from 'bitecs'
import { type Fault, type FaultPlace } from './Fault.ts'
import { type LinkConditions } from './LinkConditions.ts'
import { type Between, type MemoryNetwork } from './MemoryNetwork.ts'

/** A game that faults happen to. */
export interface FaultyGame {
  readonly name: string
  readonly worlds: readonly World[]
  readonly isRunning: boolean
  crash(): void
  start(): void
}

interface Action {
  readonly atMs: number
  readonly run: () => void
}

/** Lets a schedule of faults happen to a network and its games. */
export class FaultPlayer {
  readonly #network: MemoryNetwork
  readonly #conditions: LinkConditions
  readonly #games: ReadonlyMap<string, FaultyGame>
  /** In order of time. */
  readonly #actions: Action[] = []

  /**
   * @param faults in order of time
   * @param conditions those that come back when others are over
   */
  constructor(
    faults: readonly Fault[],
    network: MemoryNetwork,
    conditions: LinkConditions,
    games: readonly FaultyGame[],
  ) {
    this.#network = network
    this.#conditions = conditions
    this.#games = new Map(games.map((game) => [game.name, game]))
    for (const fault of faults) this.#add(fault.atMs, () => this.#begin(fault))
  }

  /** Does what is due. */
  play(nowMs: number): void {
    for (let next = this.#actions[0]; next && next.atMs <= nowMs; next = this.#actions[0]) {
      this.#actions.shift()
      next.run()
    }
  }

  #begin(fault: Fault): void {
    const { kind, atMs } = fault
    if (kind === 'cut') this.#at(fault, (between) => this.#network.cut(between))
    else if (kind === 'heal') this.#at(fault, (between) => this.#network.heal(between))
    else if (kind === 'conditions')
      this.#at(fault, (between) => this.#network.setConditions(fault.conditions, between))
    else if (!this.#crash(fault.of)) return
    if (kind !== 'heal' && fault.durationMs !== undefined)
      this.#add(atMs + fault.durationMs, () => this.#end(fault))
  }

  #end(fault: Fault): void {
    if (fault.kind === 'cut') this.#at(fault, (between) => this.#network.heal(between))
    else if (fault.kind === 'conditions')
      this.#at(fault, (between) => this.#network.setConditions(this.#conditions, between))
    else if (fault.kind === 'crash') this.#games.get(fault.of)?.start()
  }

  /** Returns whether it ran: a game that has crashed does not crash again. */
  #crash(name: string): boolean {
    const game = this.#games.get(name)
    if (game?.isRunning !== true) return false
    game.crash()
    return true
  }

  /** What is due at one time runs in the order in which it was added. */
  #add(atMs: number, run: () => void): void {
    let index = this.#actions.length
    while (index > 0 && this.#actions[index - 1]!.atMs > atMs) index--
    this.#actions.splice(index, 0, { atMs, run })
  }

  /** Does something to the links of a place. A game that has started again has other worlds, whose links are as all are. */
  #at({ of, from, to }: FaultPlace, run: (between: Between) => void): void {
    if (of !== undefined)
      for (const world of this.#worldsOf(of)) {
        run({ from: world })
        run({ to: world })
      }
    else if (from === undefined && to === undefined) run({})
    else
      for (const near of from === undefined ? [undefined] : this.#worldsOf(from))
        for (const far of to === undefined ? [undefined] : this.#worldsOf(to))
          run({ ...(near && { from: near }), ...(far && { to: far }) })
  }

  #worldsOf(name: string): readonly World[] {
    return this.#games.get(name)?.worlds ?? []
  }
}
