// The command line of `npm run bench`.
import { parseArgs } from 'node:util'
import { integerIn, namesOf, numberIn } from './optionValues.ts'

/** What to run. */
export interface Options {
  /** Measured time of each run. */
  seconds: number
  rounds: number
  clients: number
  /** Messages in flight per client; one table for each. */
  inFlight: readonly number[]
  /** Names of the servers to run; empty for all. */
  only: readonly string[]
}

export const usage = `npm run bench -- [options]
  --seconds 2         measured time of each run, after 1 s of warm-up
  --rounds 5          rounds; each runs every server once
  --clients 64        connections
  --in-flight 32      messages in flight per client; 32,4,1 prints a table for each
  --only ws,net       only these servers`

/** Reads the options; throws on one that makes no sense. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '5' },
      clients: { type: 'string', default: '64' },
      'in-flight': { type: 'string', default: '32' },
      only: { type: 'string', default: '' },
    },
  })
  return {
    seconds: numberIn('seconds', values.seconds, 0.1, 600),
    rounds: integerIn('rounds', values.rounds, 1, 1000),
    clients: integerIn('clients', values.clients, 1, 4096),
    inFlight: values['in-flight'].split(',').map((text) => integerIn('in-flight', text, 1, 4096)),
    only: namesOf(values.only),
  }
}
