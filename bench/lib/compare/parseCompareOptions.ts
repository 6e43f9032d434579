// The command line of `npm run bench:compare`.
import { parseArgs } from 'node:util'
import { integerIn, namesOf, numberIn } from '../optionValues.ts'
import { roundsMin } from './medianInterval.ts'

/** What to compare, and how long. */
export interface CompareOptions {
  /** Any name that git has for a commit. */
  revision: string
  /** About how long the slower side is measured in a round. */
  seconds: number
  rounds: number
  /** Names of the workloads to run; empty for all. */
  only: readonly string[]
}

export const compareUsage = `npm run bench:compare REV -- [options]
  --rounds 21         rounds; each starts both sides afresh and measures them in turn
  --seconds 0.4       about how long the slower side is measured in a round
  --only tcp-32,ws-1  only these workloads`

/** Reads the options; throws on one that makes no sense. */
export function parseCompareOptions(args: readonly string[]): CompareOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '21' },
      seconds: { type: 'string', default: '0.4' },
      only: { type: 'string', default: '' },
    },
  })
  const [revision = '', ...others] = positionals
  if (revision === '' || others.length > 0)
    throw new Error(`expected one revision, got ${positionals.length}\n\n${compareUsage}`)
  return {
    revision,
    rounds: integerIn('rounds', values.rounds, roundsMin, 1000),
    seconds: numberIn('seconds', values.seconds, 0.01, 60),
    only: namesOf(values.only),
  }
}
