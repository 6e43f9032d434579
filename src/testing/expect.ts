/** Fails, saying what was expected. */
export function expect(condition: boolean, expected: string): asserts condition {
  if (!condition) throw new Error(`expected: ${expected}`)
}

/** Compares plain values: numbers, texts, and arrays and objects of them. */
export function expectSame(actual: unknown, wanted: unknown, what: string): void {
  const [is, should] = [show(actual), show(wanted)]
  if (is !== should) throw new Error(`expected: ${what} is ${should}, but it is ${is}`)
}

/** The keys of an object in one order, whatever order they were made in. */
function show(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
