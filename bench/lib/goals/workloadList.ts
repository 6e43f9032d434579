import { busyWorkloads } from './busyWorkloads.ts'
import { echoWorkloads } from './echoWorkloads.ts'
import { memoryWorkloads } from './memoryWorkloads.ts'
import { tickWorkloads } from './tickWorkloads.ts'
import { type Workload } from './Workload.ts'

/** What is measured with servers, in the order of running. */
export const workloadList: readonly Workload[] = [
  ...echoWorkloads,
  ...tickWorkloads,
  ...memoryWorkloads,
  ...busyWorkloads,
]

/** A program that measures by itself, and prints its own table. */
export interface ProgramEntry {
  readonly goal: string
  readonly title: string
  /** Relative to the built programs. */
  readonly path: string
  readonly args: readonly string[]
}

export const programList: readonly ProgramEntry[] = [
  {
    goal: 'p4',
    title: 'an event in process: ns and heap bytes',
    path: 'measure-event.js',
    args: [],
  },
  {
    goal: 'p4m',
    title: 'a network in memory on perfect lines against plain memory transports',
    path: 'measure-memory.js',
    args: [],
  },
  {
    goal: 'p5',
    title: 'growth with sockets, subscribers and bytes, in process',
    path: 'measure-growth.js',
    args: [],
  },
  {
    goal: 'simulation',
    title: 'simulated seconds in a second, and the cost of a network in memory',
    path: 'measure-simulation.js',
    args: [],
  },
  {
    goal: 'replication',
    title: 'replication: bytes, time and memory, beside JSON, bitECS and @colyseus/schema',
    path: 'measure-replication.js',
    args: [],
  },
  {
    goal: 'replication',
    title: 'InterpolationSystem of a client',
    path: 'measure-interpolation.js',
    args: [],
  },
  {
    goal: 'p7',
    title:
      'size of the package, minified and gzipped, without dependencies; the limit is what CI allows',
    path: '../../esbuild.mjs',
    args: ['--budget'],
  },
]

/** Takes long, so it is run only by its name. */
export const slowGoals: readonly string[] = ['p8']
