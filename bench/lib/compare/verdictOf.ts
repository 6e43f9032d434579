// What an interval of ratios says.
import { type Interval } from './medianInterval.ts'

const sameMin = 0.97
const sameMax = 1.03

/** `not told`: the interval reaches over a limit, so more rounds or a quieter machine are needed. */
export type Verdict = 'slower' | 'faster' | 'same' | 'not told'

/** The verdict on the working tree, of the interval of its speed divided by the revision's. */
export function verdictOf({ low, high }: Interval): Verdict {
  if (high < sameMin) return 'slower'
  if (low > sameMax) return 'faster'
  return low >= sameMin && high <= sameMax ? 'same' : 'not told'
}
