import { readFileSync } from 'node:fs'
import { type Fault, type SimulationError } from '../simulation.ts'
import { CliError, ExitCode } from './CliError.ts'

/** A run that failed, as a file: enough to run it again with the same game. */
export interface FailureFile {
  readonly seed: number
  /** As many as were to be run. */
  readonly ticks: number
  readonly faults: readonly Fault[]
  /** For people. */
  readonly failure: { readonly tick: number; readonly name: string; readonly message: string }
}

export function failureText(
  { seed, faults, failure: { tick, name, message } }: SimulationError,
  ticks: number,
): string {
  const file: FailureFile = { seed, ticks, faults, failure: { tick, name, message } }
  return `${JSON.stringify(file, undefined, 1)}\n`
}

/** Throws a `CliError` for what is no such file. What its faults are is checked when they are run. */
export function readFailure(path: string): FailureFile {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as Partial<FailureFile>
    const { seed, ticks, faults } = file
    if (!Number.isInteger(seed) || !Number.isInteger(ticks) || !Array.isArray(faults))
      throw new Error('it has no seed, ticks and faults')
    return file as FailureFile
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CliError(ExitCode.usage, `cannot read ${path}: ${reason}`)
  }
}
