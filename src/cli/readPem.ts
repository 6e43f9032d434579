import { readFileSync } from 'node:fs'
import { CliError, ExitCode } from './CliError.ts'
import { toJson } from './escapeText.ts'

/** Reads a file that an option names. Throws a `CliError` if it cannot. */
export function readPem(option: string, file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new CliError(ExitCode.usage, `${option}: cannot read ${toJson(file)} (${code})`)
  }
}
