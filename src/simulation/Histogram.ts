/** Steps of a millisecond that are told apart. */
const perMs = 16
/** Below this each step has a bucket; above, each power of two has 16. */
const linear = 32
const perOctave = 16
const highest = 2 ** 26 - 1
const bucketCount = linear + 21 * perOctave

/** How long things take, in buckets of at most 6 %: its size stays, whatever it counts. From 1/16 ms to an hour. */
export class Histogram {
  readonly #counts = new Uint32Array(bucketCount)
  count = 0
  maxMs = 0

  add(ms: number): void {
    this.#counts[bucketOf(ms)]!++
    this.count++
    if (ms > this.maxMs) this.maxMs = ms
  }

  /** Adds what another has counted. */
  addAll(other: Histogram): void {
    for (const [bucket, count] of other.#counts.entries()) this.#counts[bucket]! += count
    this.count += other.count
    this.maxMs = Math.max(this.maxMs, other.maxMs)
  }

  /** What a share of all, 0 to 1, is not above: the upper end of its bucket. 0 of none. */
  quantile(share: number): number {
    let left = Math.max(1, Math.ceil(share * this.count))
    for (const [bucket, count] of this.#counts.entries()) {
      left -= count
      if (left <= 0) return Math.min(upperMs(bucket), this.maxMs)
    }
    return this.maxMs
  }

  clear(): void {
    this.#counts.fill(0)
    this.count = 0
    this.maxMs = 0
  }
}

function bucketOf(ms: number): number {
  const steps = Math.min(Math.floor(ms * perMs), highest)
  if (steps < linear) return Math.max(steps, 0)
  // The place of the highest bit, 5 or more; then the four bits below it.
  const high = 31 - Math.clz32(steps)
  return linear + (high - 5) * perOctave + ((steps >> (high - 4)) & (perOctave - 1))
}

function upperMs(bucket: number): number {
  const next = bucket + 1
  if (next <= linear) return next / perMs
  const octave = Math.floor((next - linear) / perOctave)
  const within = (next - linear) % perOctave
  return ((perOctave + within) * 2 ** (octave + 1)) / perMs
}
