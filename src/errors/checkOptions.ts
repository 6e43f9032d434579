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
    if (!Object.hasOwn(checks, name)) throw unknownOption(where, kind, name, Object.keys(checks))
    if (value !== undefined) checks[name]!(where, name, value)
  }
}

function unknownOption(
  where: string,
  kind: string,
  name: string,
  known: readonly string[],
): TypeError {
  const nearest = nearestName(name, known)
  const hint =
    nearest === undefined ? `it has ${known.join(', ')}` : `did you mean ${show(nearest)}?`
  return new TypeError(`${where}: there is no ${kind} ${show(name)}; ${hint}`)
}

/** The name that takes the fewest changes of letters, if these are few. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined
  let fewest = Math.max(2, name.length / 2)
  for (const candidate of known) {
    const changes = changesBetween(name.toLowerCase(), candidate.toLowerCase())
    if (changes >= fewest) continue
    fewest = changes
    nearest = candidate
  }
  return nearest
}

/** How many letters must be put in, taken out or replaced (Levenshtein's distance). */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)),
      )
    row = next
  }
  return row[b.length]!
}
