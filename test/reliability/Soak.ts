// The long soak, seen from the test: two servers, four processes of peers, and what was measured of them.

import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { type Noise } from '../lib/noise.ts'
import { faults, type FaultSite } from './soakFaults.ts'
import { type LineName, lineNames, lines, wordOf } from './soakLines.ts'
import { type CrowdOptions, type CrowdReport } from './soakPeers.ts'
import { AskedProgram } from './AskedProgram.ts'
import { type ServerReport } from './soakServer.ts'
import { type Sample } from './slopeOf.ts'

export const games = ['main', 'gml'] as const
export type GameName = (typeof games)[number]
export const peersMode = 'peers'

const crowds = 4
const peersPerCrowd = 50

/** A server and what is known of it. */
interface Game {
  readonly program: AskedProgram
  readonly first: ServerReport
  last: ServerReport
  /** Of the heap, in bytes. */
  readonly heap: Sample[]
  thrownExpected: number
}

/** A process of peers. */
interface Crowd {
  program: AskedProgram
  isBusy: boolean
}

/** What peers that have gone, or were killed, have done. */
export interface PeerTotals {
  visits: number
  sent: number
  cameBack: number
  lostDatagrams: number
}

async function openGame(name: GameName): Promise<Game> {
  const program = new AskedProgram(name)
  // Its first answer opens its output.
  await program.ask('report')
  const first = await program.ask<ServerReport>('report')
  return { program, first, last: first, heap: [], thrownExpected: 0 }
}

export class Soak {
  readonly games: Record<GameName, Game>
  /** How often each fault has happened. */
  readonly faultCounts: Record<string, number> = {}
  readonly totals: PeerTotals = { visits: 0, sent: 0, cameBack: 0, lostDatagrams: 0 }
  /** What must not be. */
  readonly bad: string[] = []
  /** The longest time in which one of the programs did not run. */
  stoodStillMs = 0
  /** The most programs that wanted each core of the machine, on an average of a minute. */
  load = 0
  readonly #noise: Noise
  readonly #crowds: Crowd[] = []
  readonly #running = new Set<Promise<void>>()
  #crowdsMade = 0

  private constructor(noise: Noise, all: Record<GameName, Game>) {
    this.#noise = noise
    this.games = all
  }

  static async begin(noise: Noise): Promise<Soak> {
    const [main, gml] = await Promise.all([openGame('main'), openGame('gml')])
    const soak = new Soak(noise, { main, gml })
    for (let index = 0; index < crowds; index++)
      soak.#crowds.push({ program: soak.#makeCrowd(), isBusy: false })
    return soak
  }

  /** Begins a fault that is drawn. */
  beginFault(): void {
    const names = Object.keys(faults)
    const name = names[this.#noise.below(names.length)]!
    const game = this.games[this.#noise.isLucky(0.5) ? 'main' : 'gml']
    this.faultCounts[name] = (this.faultCounts[name] ?? 0) + 1
    const run = faults[name]!(this.#siteOf(game))
      .catch((error: unknown) => void this.bad.push(`${name}: ${String(error)}`))
      .finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  /** Measures the servers, with a sample of their heaps. */
  async measure(): Promise<void> {
    const atMs = performance.now()
    this.load = Math.max(this.load, loadavg()[0]! / availableParallelism())
    await Promise.all(
      games.map(async (name) => {
        const game = this.games[name]
        game.last = await game.program.ask<ServerReport>('report')
        game.heap.push({ atMs, value: game.last.heapBytes })
        this.stoodStillMs = Math.max(this.stoodStillMs, game.last.stoodStillMs)
      }),
    )
  }

  /** The faults end, and all peers leave. */
  async leave(): Promise<void> {
    await Promise.all(this.#running)
    await Promise.all(
      this.#crowds.map(async ({ program }) => {
        this.#addCrowd(await program.ask<CrowdReport>('stop'))
        program.program.end()
      }),
    )
  }

  end(): void {
    for (const { program } of this.#crowds) program.program.end()
    for (const name of games) this.games[name].program.program.end()
  }

  #makeCrowd(): AskedProgram {
    const number = (this.#crowdsMade++ % 250) + 1
    const goals = games.flatMap((game) =>
      lineNames
        .filter((name) => lines[name].isRestarted !== true)
        .map((name) => ({ game, name, port: this.games[game].first.ports[name] ?? 0 }))
        .filter(({ port }) => port > 0),
    )
    const options: CrowdOptions = {
      goals,
      count: peersPerCrowd,
      seed: this.#noise.below(2 ** 32),
      net: number,
    }
    return new AskedProgram(peersMode, JSON.stringify(options))
  }

  #addCrowd({ counts, bad, stoodStillMs }: CrowdReport): void {
    this.stoodStillMs = Math.max(this.stoodStillMs, stoodStillMs)
    for (const key of Object.keys(this.totals) as (keyof PeerTotals)[])
      this.totals[key] += counts[key]
    this.bad.push(...bad)
  }

  #siteOf(game: Game): FaultSite {
    return {
      noise: this.#noise.next(),
      portOf: (name) => game.last.ports[name] ?? 0,
      restart: async (name: LineName) => void (await game.program.ask('restart', wordOf(name))),
      expectThrow: () => game.thrownExpected++,
      stopPeers: (ms) =>
        this.#withCrowd(async ({ program }) => {
          const { pid } = program.program
          process.kill(pid, 'SIGSTOP')
          await delay(ms)
          process.kill(pid, 'SIGCONT')
        }),
      killPeers: () =>
        this.#withCrowd(async (crowd) => {
          const { program } = crowd
          this.#addCrowd(await program.ask<CrowdReport>('report'))
          program.program.end('SIGKILL')
          await program.program.exitCode
          crowd.program = this.#makeCrowd()
        }),
    }
  }

  /** Does something to a process of peers to which nothing else is done. */
  async #withCrowd(run: (crowd: Crowd) => Promise<void>): Promise<void> {
    const idle = this.#crowds.filter(({ isBusy }) => !isBusy)
    const crowd = idle[this.#noise.below(idle.length)]
    if (crowd === undefined) return
    crowd.isBusy = true
    await run(crowd)
    crowd.isBusy = false
  }
}
