import { CliError, ExitCode } from './CliError.ts'
import { type TypeName, typeNames } from './Command.ts'
import { toJson } from './escapeText.ts'

/** Reads a socket type. Throws a `CliError` for what is none. */
export function readType(text: string): TypeName {
  const name = text.toLowerCase()
  if (Object.hasOwn(typeNames, name)) return name as TypeName
  throw new CliError(
    ExitCode.usage,
    `unknown type ${toJson(text)}`,
    `types are ${Object.keys(typeNames).join(', ')}`,
  )
}
