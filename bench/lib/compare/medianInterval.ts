// The interval that holds a median with 95 %, by exact order statistics.
//
// Each value lies below the true median with probability 1/2, whatever the distribution is. So the number of
// values below it is binomial, and the interval from the k-th smallest to the k-th largest value misses the
// median with twice the probability of fewer than k.

/** With fewer rounds no interval holds the median with 95 %. */
export const roundsMin = 6

const missedMax = 0.05

/** The median lies in `low`..`high` with a confidence of at least 95 %. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** The interval of the median of what `values` are a sample of. */
export function medianInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = intervalRank(sorted.length)
  const low = sorted[rank - 1]
  const high = sorted[sorted.length - rank]
  if (low === undefined || high === undefined)
    throw new Error(`expected at least ${roundsMin} values, got ${values.length}`)
  return { low, high }
}

/** The largest k so that k-th smallest to k-th largest of `count` values holds the median; 0 for none. */
export function intervalRank(count: number): number {
  let probability = 0.5 ** count
  let below = probability
  let rank = 0
  while (2 * below <= missedMax) {
    rank++
    probability *= (count - rank + 1) / rank
    below += probability
  }
  return rank
}
