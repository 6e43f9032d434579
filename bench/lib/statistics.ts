// Medians and spreads of a few runs.

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The value that this part of all is not above; NaN of nothing. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN
}

/** Median and, in brackets, the smallest and the largest value. */
export function medianAndSpread(
  values: readonly number[],
  format: (value: number) => string,
): string {
  const [min, max] = [Math.min(...values), Math.max(...values)]
  return `${format(median(values))} [${format(min)}–${format(max)}]`
}
