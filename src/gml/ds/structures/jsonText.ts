// JSON texts whose members keep their order. A JavaScript object puts names such as "10" before all others.

/** What JSON has: an object is a `Map`, which keeps the order of its members. */
export type Json = string | number | boolean | null | readonly Json[] | ReadonlyMap<string, Json>

/** Stands before every name while a text is parsed, so that no name is a number. */
const mark = '.'

/** The text of a value. A lone surrogate is written as an escape, so UTF-8 holds it. */
export function writeJson(value: Json, indent: string): string {
  return writeValue(value, indent, '\n')
}

/** @param newline begins a line of what the value is in */
function writeValue(value: Json, indent: string, newline: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = newline + indent
  if ('get' in value) {
    const colon = indent === '' ? ':' : ': '
    const members = Array.from(
      value,
      ([name, member]) => JSON.stringify(name) + colon + writeValue(member, indent, inner),
    )
    return enclose('{', members, '}', indent, newline)
  }
  const items = value.map((item) => writeValue(item, indent, inner))
  return enclose('[', items, ']', indent, newline)
}

function enclose(
  open: string,
  parts: readonly string[],
  close: string,
  indent: string,
  newline: string,
): string {
  if (parts.length === 0 || indent === '') return open + parts.join(',') + close
  const inner = newline + indent
  return open + inner + parts.join(`,${inner}`) + newline + close
}

/**
 * Parses a text. Objects are JavaScript objects that `membersOf` reads.
 *
 * @throws SyntaxError for a text that is not JSON; RangeError for one that is deeper than the platform can go
 */
export function parseJson(text: string): unknown {
  return JSON.parse(markNames(text))
}

/** The members of an object of `parseJson`, in the order of the text. Of two with the same name the last counts. */
export function membersOf(object: object): [name: string, value: unknown][] {
  return Object.entries(object).map(([name, value]) => [name.slice(mark.length), value])
}

/** The text with a mark in front of each name. It is JSON if, and only if, the text is. Takes time linear in its length. */
function markNames(text: string): string {
  const parts: string[] = []
  let from = 0
  let open = text.indexOf('"')
  while (open >= 0) {
    const end = endOfString(text, open + 1)
    if (isColonNext(text, end)) {
      parts.push(text.slice(from, open + 1), mark)
      from = open + 1
    }
    open = text.indexOf('"', end)
  }
  parts.push(text.slice(from))
  return parts.join('')
}

/** Where a string ends, behind its closing quote, or the end of the text. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') return at + 1
    // What is escaped may be a quote.
    if (text[at] === '\\') at++
  }
  return text.length
}

function isColonNext(text: string, from: number): boolean {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return text[at] === ':'
}
