import { show, wrongType } from './argumentErrors.ts'
import { isObject } from './isObject.ts'

/** Checks the value of one option; throws a `TypeError` or `RangeError` for a wrong one. */
export type OptionCheck = (where: string, name: string, value: unknown) => void

/** Every option of a set, with its check. */
export type OptionTable<Options> = { readonly [Name in keyof Options]-?: OptionCheck }

/**
 * Checks a set of options against its table: first their names, then their values, inherited ones too. An option that is
 * `undefined` counts as not given.
 *
 * @param kind what the set holds, for messages: `option`, `setting`
 * @returns the options that were given, without those that are `undefined`
 * @throws TypeError unless `options` is an object, or for an option that the table does not have: it names the nearest
 * one that it has; or what a check throws
 */
export function checkOptions<Options extends object>(
  where: string,
  kind: string,
  options: Options,
  table: OptionTable<Options>,
): Options {
  if (!isObject(options) || Array.isArray(options))
    throw wrongType(where, `${kind}s`, 'an object', options)
  const known = Object.keys(table)
  for (const name of Object.keys(options))
    if (!known.includes(name))
      throw new TypeError(
        `${where}: there is no ${kind} ${show(name)}; did you mean ${show(nearestName(name, known))}?`,
      )
  const given: Record<string, unknown> = {}
  // By the table, since what options inherit is read too.
  for (const [name, check] of Object.entries<OptionCheck>(table)) {
    const value: unknown = Reflect.get(options, name)
    if (value === undefined) continue
    check(where, name, value)
    given[name] = value
  }
  return given as Options
}

/** The name that shares the most letters with `name` at its beginning and end. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const shared = known.map((other) => sharedLetters(name.toLowerCase(), other.toLowerCase()))
  return known[shared.indexOf(Math.max(...shared))]
}

function sharedLetters(a: string, b: string): number {
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  return start + end
}
