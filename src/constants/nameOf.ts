/** The name of a value in a table of constants; `undefined` for another value. */
export function nameOf<Table extends object>(
  table: Table,
  value: unknown,
): keyof Table | undefined {
  const found = Object.entries(table).find((entry) => entry[1] === value)
  return found?.[0] as keyof Table | undefined
}
