// Medians and spreads of a few runs.

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Median and, in brackets, the smallest and the largest value. */
export function medianAndSpread(
  values: readonly number[],
  format: (value: number) => string,
): string {
  const [min, max] = [Math.min(...values), Math.max(...values)]
  return `${format(median(values))} [${format(min)}–${format(max)}]`
}
