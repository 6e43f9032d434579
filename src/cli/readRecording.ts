import { readFileSync } from 'node:fs'
import { CliError, ExitCode } from './CliError.ts'

/** The bytes of a recording. Throws a `CliError` for a file that cannot be read. */
export function readRecording(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new CliError(ExitCode.usage, `cannot read ${file} (${(error as { code?: string }).code})`)
  }
}

/** Runs what reads a recording. What is no recording is a wrong use. */
export function refuseOthers<Result>(file: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    throw new CliError(ExitCode.usage, `${file}: ${(error as Error).message}`)
  }
}
