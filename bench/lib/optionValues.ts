// Values on the command lines of the benchmarks.

/** The value of an option that is an integer; throws on another. */
export function integerIn(name: string, text: string, min: number, max: number): number {
  const value = numberIn(name, text, min, max)
  if (!Number.isInteger(value)) throw new Error(`--${name} must be an integer, got ${text}`)
  return value
}

/** The value of an option that is a number; throws on another. */
export function numberIn(name: string, text: string, min: number, max: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= min && value <= max) return value
  throw new Error(`--${name} must be a number in ${min}..${max}, got ${text}`)
}

/** The names in a list with commas. */
export function namesOf(text: string): readonly string[] {
  return text.split(',').filter((name) => name !== '')
}

/** Those of `items` whose names are listed, or all if the list is empty; throws on a name that none has. */
export function chooseByName<Item extends { readonly name: string }>(
  items: readonly Item[],
  only: readonly string[],
  usage: string,
): readonly Item[] {
  const names = items.map(({ name }) => name)
  for (const name of only)
    if (!names.includes(name))
      throw new Error(`--only knows ${names.join(', ')}, not ${name}\n\n${usage}`)
  return only.length === 0 ? items : items.filter(({ name }) => only.includes(name))
}
