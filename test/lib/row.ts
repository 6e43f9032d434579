// The rows of docs/reliability.md: each test of one runs at three sizes and prints what it measured.

const sizes = ['test', 'ci', 'soak'] as const

/** How many of what a test draws or does, at each size. */
export interface Amounts {
  /** In `npm test`. */
  readonly test: number
  /** In `npm run test:long`, as much as in `npm test` if absent. */
  readonly ci?: number
  /** In `npm run soak`, over all of its parts; as much as in CI if absent. */
  readonly soak?: number
}

/** `SIZE`, `test` if it is not set: scripts/run-tests.mjs and scripts/soak.mjs set it. */
const size: (typeof sizes)[number] = readSize()

/** Whether this is a soak, which asserts bars that a busy machine may miss. */
export const isSoak: boolean = size === 'soak'

/** `PARTS`: into how many processes, one after the other, a soak is divided. */
const parts = Number(process.env['PARTS'] ?? 1)

/** `SEED` repeats a run; without it each run draws another. */
export const rowSeed: number = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000)

/** The amount at the size of this run: that of one part, when a soak has parts. */
export function amountOf({ test, ci = test, soak = ci }: Amounts): number {
  return size === 'test' ? test : size === 'ci' ? ci : Math.ceil(soak / parts)
}

/** Prints a figure of a row, which `npm run soak` keeps: `figure('R-09', '1,000,000 connects, 0 lost')`. */
export function figure(row: string, measured: string): void {
  // The runner has begun a line of its own.
  console.log(`\n${row}: ${measured}`)
}

function readSize(): (typeof sizes)[number] {
  const wanted = process.env['SIZE'] ?? 'test'
  const found = sizes.find((name) => name === wanted)
  if (found === undefined) throw new Error(`SIZE is ${wanted}, not one of ${sizes.join(', ')}`)
  return found
}
