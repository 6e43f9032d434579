import { type Cores } from '../cores.ts'
import { type Options } from '../parseOptions.ts'
import { type ServerWork } from '../servers/ServerOrder.ts'
import { type ServerEntry } from '../servers/serverList.ts'
import { TestServer } from './TestServer.ts'

/** What one run of one server showed, by the key of the measure. */
export type Figures = Readonly<Record<string, number>>

/** A column of figures. */
export interface Measure {
  readonly key: string
  readonly head: string
  readonly format: (value: number) => string
  /**
   * With a ratio the measure has a table of its own that compares the servers: `figure` divides the figure by that of the
   * base, `speed` the other way round, for a figure that is a time or a cost.
   */
  readonly ratio?: 'figure' | 'speed'
}

/** Servers of one workload are started by this, so that all of them end. */
export type StartServer = (work: Partial<ServerWork>) => TestServer

/** Something that every server does in every round. */
export interface Workload {
  /** Its goals; with `npm run bench -- p1` all that have it are run. */
  readonly goals: readonly string[]
  readonly name: string
  readonly title: string
  /** For somebody who reads the table and nothing else. */
  readonly legend: string
  readonly measures: readonly Measure[]
  /** Only on this wire. */
  readonly wire?: ServerEntry['wire']
  readonly run: (start: StartServer, options: Options) => Promise<Figures>
}

/** Runs a workload once on one server; nothing of it is left when it resolves. */
export async function runWorkload(
  workload: Workload,
  entry: ServerEntry,
  options: Options,
  cores: Cores,
  programs: URL,
): Promise<Figures> {
  const servers: TestServer[] = []
  try {
    return await workload.run((work) => {
      const server = new TestServer(entry, work, cores, programs)
      servers.push(server)
      return server
    }, options)
  } finally {
    for (const server of servers) await server.end()
  }
}

export const formats = {
  count: (value: number): string =>
    value < 999.5
      ? value.toFixed(0)
      : value < 999_500
        ? `${(value / 1e3).toFixed(value < 9_950 ? 1 : 0)} k`
        : `${(value / 1e6).toFixed(2)} M`,
  one: (value: number): string => value.toFixed(1),
  two: (value: number): string => value.toFixed(2),
  three: (value: number): string => value.toFixed(3),
  whole: (value: number): string => value.toFixed(0),
}
