import { type Fault } from './Fault.ts'
import { type SimulationFailure, type SimulationReport } from './SimulationReport.ts'

/** How `simulateSeeds` has come to a failure. */
export interface SearchFigures {
  /** Seeds that were run, the one that failed included. */
  readonly seeds: number
  /** Faults of the schedule that failed first. */
  readonly faultsFound: number
  /** Runs that made the schedule smaller, or did not. */
  readonly shrinkRuns: number
}

/** A run has failed. `simulate` with the same options, this seed and these faults fails again in the same way. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError'
  readonly seed: number
  readonly failure: SimulationFailure
  /** What went wrong when: given, drawn from the seed, or made smaller by `simulateSeeds`. */
  readonly faults: readonly Fault[]
  readonly report: SimulationReport
  /** Of `simulateSeeds` only. */
  readonly search: SearchFigures | undefined

  constructor(report: SimulationReport, failure: SimulationFailure, search?: SearchFigures) {
    const { seed, faults } = report
    const { tick, atMs, kind, name, message, cause } = failure
    const what = kind === 'error' ? `${name}: ` : name === '' ? '' : `${name}: `
    const schedule = faults.length === 0 ? '' : `\nfaults: ${JSON.stringify(faults)}`
    const at = `seed ${seed}, tick ${tick} (${(atMs / 1_000).toFixed(3)} s)`
    super(`${at}: ${what}${message}${searchText(search, faults.length)}${schedule}`, { cause })
    this.seed = seed
    this.failure = failure
    this.faults = faults
    this.report = report
    this.search = search
  }
}

function searchText(search: SearchFigures | undefined, faultsLeft: number): string {
  if (search === undefined) return ''
  const { seeds, faultsFound, shrinkRuns } = search
  return `\nfound with ${seeds} seeds; ${faultsFound} faults shrunk to ${faultsLeft} in ${shrinkRuns} runs`
}
