import { CliError, ExitCode } from './CliError.ts'
import { toJson } from './escapeText.ts'

/** Reads a whole number. Throws a `CliError` for any other, and for one out of range. */
export function readWholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new CliError(
    ExitCode.usage,
    `${name} must be a whole number in ${min}..${max}, got ${toJson(text)}`,
  )
}

/** Reads a port of at least `min`. Throws a `CliError` otherwise. */
export function readPort(text: string, min: 0 | 1): number {
  return readWholeNumber('port', text, min, 65_535)
}
