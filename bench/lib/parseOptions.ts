// The command line of `npm run bench`.
import { parseArgs } from 'node:util'
import { integerIn, namesOf, numberIn } from './optionValues.ts'

/** What to run. */
export interface Options {
  /** Goals or workloads; empty for all but the slow ones. */
  readonly goals: readonly string[]
  /** Names of the servers to run; empty for all. */
  readonly servers: readonly string[]
  readonly rounds: number
  /** Measured time of each run. */
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly clients: number
  readonly players: number
  readonly playersMax: number
  readonly idle: number
  readonly crowd: number
  readonly flooders: number
  /** The servers of bench/peers too. */
  readonly peers: boolean
  /** Where the figures go besides. */
  readonly json: string | undefined
}

export const usage = `npm run bench -- [goals] [options]
  goals               p1 p2 p1k p3 p3b p4 p4m p5 p6 p7 p8 p9 p10 simulation replication; or workloads such as flood; without any, all but p8
  --only p3,p9        the same
  --servers ws,ours   only these servers of ws, net, ws-hand, net-fast, ours, ours-ws
  --rounds 5          each round runs every server once
  --seconds 2         measured time of each run
  --warm-up 1         seconds before it
  --clients 64        connections of p1, p2, p1k, p10
  --players 200       connections of p3, p3b
  --players-max 2000  where p8 stops
  --idle 2000         connections of p6
  --crowd 4000        connections that are pinged, and that leave at once, in p9
  --flooders 64       connections that flood in p9
  --peers             besides, the servers of other packages (npm run bench:peers, which installs them)
  --json FILE         writes all figures to a file, for node build/bench/plot.js FILE`

/** Reads the options; throws on one that makes no sense. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string', default: '' },
      servers: { type: 'string', default: '' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      'warm-up': { type: 'string', default: '1' },
      clients: { type: 'string', default: '64' },
      players: { type: 'string', default: '200' },
      'players-max': { type: 'string', default: '2000' },
      idle: { type: 'string', default: '2000' },
      crowd: { type: 'string', default: '4000' },
      flooders: { type: 'string', default: '64' },
      json: { type: 'string' },
      peers: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const count = (name: 'clients' | 'players' | 'players-max' | 'idle' | 'crowd' | 'flooders') =>
    integerIn(name, values[name], 1, 8192)
  return {
    goals: [...positionals, ...namesOf(values.only)],
    servers: namesOf(values.servers),
    rounds: integerIn('rounds', values.rounds, 1, 1000),
    seconds: numberIn('seconds', values.seconds, 0.05, 600),
    warmUpSeconds: numberIn('warm-up', values['warm-up'], 0, 600),
    clients: count('clients'),
    players: count('players'),
    playersMax: count('players-max'),
    idle: count('idle'),
    crowd: count('crowd'),
    flooders: count('flooders'),
    peers: values.peers,
    json: values.json,
  }
}
