import { parseArgs } from 'node:util'
import { numberIn } from '../program/numberIn.ts'
import { type ArenaSimulation } from './arenaSimulation.ts'

/** What the command line asks for. */
export interface Options extends ArenaSimulation {
  /** Where the report goes. */
  readonly report: string
  readonly help: boolean
}

export const usage = `Usage: npm run demo:simulation -- [options]

  --bots N       bots that play, 1..250 (default 200), half over TCP and half over UDP
  --seconds N    how long they play, in their time (default 600)
  --seed N       what chance follows from (default 1)
  --report FILE  where the report goes (default build/simulation.html)
  --help         show this text`

/** Reads the command line. Throws an error with a message for the user. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      bots: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '600' },
      seed: { type: 'string', default: '1' },
      report: { type: 'string', default: 'build/simulation.html' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  return {
    bots: numberIn('bots', values.bots, 1, 250),
    seconds: numberIn('seconds', values.seconds, 1, 86_400),
    seed: numberIn('seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    report: values.report,
    help: values.help,
  }
}
