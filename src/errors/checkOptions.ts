import { show, wrongType } from './argumentErrors.ts'

/** Checks the value of one option; throws a `TypeError` or `RangeError` for a wrong one. */
export type OptionCheck = (where: string, name: string, value: unknown) => void

/** Every option of a set, with its check. */
export type OptionTable<Options> = { readonly [Name in keyof Options]-?: OptionCheck }

/**
 * Checks a set of options against its table. An option that is `undefined` counts as not given.
 *
 * @param kind what the set holds, for messages: `option`, `setting`
 * @throws TypeError unless `options` is an object, or for an option that the table does not have: it names the nearest
 * one that it has; or what a check throws
 */
export function checkOptions<Options extends object>(
  where: string,
  kind: string,
  options: Options,
  table: OptionTable<Options>,
): void {
  if (typeof options !== 'object' || options === null)
    throw wrongType(where, `${kind}s`, 'an object', options)
  const checks: Readonly<Record<string, OptionCheck>> = table
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name))
      throw new TypeError(
        `${where}: there is no ${kind} ${show(name)}; did you mean ${nearestName(name, Object.keys(checks))}?`,
      )
    if (value !== undefined) checks[name]!(where, name, value)
  }
}

/** The name that takes the fewest changes of letters. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const changes = known.map((other) => changesBetween(name.toLowerCase(), other.toLowerCase()))
  return known[changes.indexOf(Math.min(...changes))]
}

/** How many letters must be put in, taken out or replaced (Levenshtein's distance). */
function changesBetween(from: string, to: string): number {
  let row = [...to, ''].map((_, index) => index)
  for (const letter of from) {
    let diagonal = row[0]!
    let left = diagonal + 1
    row = row.map((above, index) => {
      if (index > 0)
        left = Math.min(above + 1, left + 1, diagonal + (letter === to[index - 1] ? 0 : 1))
      diagonal = above
      return left
    })
  }
  return row.at(-1)!
}
