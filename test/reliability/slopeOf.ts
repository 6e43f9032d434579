/** A value at a time. */
export interface Sample {
  readonly atMs: number
  readonly value: number
}

/** By how much a value grows in a millisecond: the slope of the line through the samples, by least squares. */
export function slopeOf(samples: readonly Sample[]): number {
  const meanMs = meanOf(samples.map(({ atMs }) => atMs))
  const mean = meanOf(samples.map(({ value }) => value))
  let above = 0
  let below = 0
  for (const { atMs, value } of samples) {
    above += (atMs - meanMs) * (value - mean)
    below += (atMs - meanMs) ** 2
  }
  return below === 0 ? 0 : above / below
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length
}
