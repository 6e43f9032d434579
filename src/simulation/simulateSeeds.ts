import { isIterable, wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionTable } from '../errors/checkOptions.ts'
import { checkFunction, integerIn } from '../errors/optionChecks.ts'
import { type Fault } from './Fault.ts'
import { shrinkFaults } from './shrinkFaults.ts'
import { simulate } from './simulate.ts'
import { type SimulateOptions } from './SimulateOptions.ts'
import { SimulationError } from './SimulationError.ts'
import { type SimulationFailure } from './SimulationReport.ts'

/** How `simulateSeeds` searches. */
export interface SearchOptions {
  /** Runs that may be spent on making the faults of a failure fewer. Default: 200. */
  readonly shrinkRunsMax?: number
  /** Called before each run: with its seed, and whether the search has found a failure and makes it smaller. */
  readonly onRun?: (seed: number, isShrinking: boolean) => void
}

const searchChecks: OptionTable<SearchOptions> = {
  shrinkRunsMax: integerIn(0, 1_000_000),
  onRun: checkFunction,
}

/** A search that has found no failure. */
export interface SearchResult {
  /** Seeds that were run. */
  readonly seeds: number
  /** Ticks that were run, in all. */
  readonly ticks: number
}

/**
 * Runs `simulate` with seed after seed until one fails, then makes its faults fewer and shorter: by running the same seed
 * with parts of them, as long as the same invariant does not hold, or an error of the same name is thrown. Faults are all that
 * is made smaller: `faults` should be rates, so that each seed draws others.
 *
 * @param seeds how many, from `seed` of the options on; or which
 * @throws TypeError or RangeError for wrong arguments, through the promise
 * @returns a promise, which is rejected with the `SimulationError` of the smallest run that failed
 */
export async function simulateSeeds<Server, Client>(
  options: SimulateOptions<Server, Client>,
  seeds: number | Iterable<number>,
  search: SearchOptions = {},
): Promise<SearchResult> {
  const where = 'simulateSeeds'
  const { shrinkRunsMax = 200, onRun } = checkOptions(where, 'option', search, searchChecks)
  let count = 0
  let ticks = 0
  for (const seed of seedsOf(where, options.seed ?? 1, seeds)) {
    count++
    onRun?.(seed, false)
    const error = await errorOf(simulate({ ...options, seed }), (run) => (ticks += run))
    if (error !== undefined) throw await shrink(options, error, count, shrinkRunsMax, onRun)
  }
  return { seeds: count, ticks }
}

/** The error of a run made as small as it can be. */
async function shrink<Server, Client>(
  options: SimulateOptions<Server, Client>,
  found: SimulationError,
  seeds: number,
  runsMax: number,
  onRun: SearchOptions['onRun'],
): Promise<SimulationError> {
  const { seed, failure } = found
  let smallest = found
  const stillFails = async (faults: readonly Fault[]): Promise<boolean> => {
    onRun?.(seed, true)
    const error = await errorOf(simulate({ ...options, seed, faults }))
    if (error === undefined || !isSame(error.failure, failure)) return false
    smallest = error
    return true
  }
  const { runs } = await shrinkFaults(found.faults, failure.atMs, stillFails, runsMax)
  const search = { seeds, faultsFound: found.faults.length, shrinkRuns: runs }
  return new SimulationError(smallest.report, smallest.failure, search)
}

function isSame(a: SimulationFailure, b: SimulationFailure): boolean {
  return a.kind === b.kind && a.name === b.name
}

/** Why a run has failed; `undefined` if it has not. Other errors are thrown. */
async function errorOf(
  run: ReturnType<typeof simulate>,
  onTicks: (ticks: number) => void = () => {},
): Promise<SimulationError | undefined> {
  try {
    onTicks((await run).report.ticks)
    return undefined
  } catch (error) {
    if (error instanceof SimulationError) return error
    throw error
  }
}

function* seedsOf(
  where: string,
  first: number,
  seeds: number | Iterable<number>,
): Generator<number, void, undefined> {
  if (typeof seeds === 'number') {
    integerIn(1)(where, 'seeds', seeds)
    for (let seed = first; seed < first + seeds; seed++) yield seed
  } else {
    if (!isIterable(seeds)) throw wrongType(where, 'seeds', 'a number or seeds', seeds)
    yield* seeds
  }
}
