// How long things take in this process, each measurement within a time bound.
import { median } from '../statistics.ts'

const batchMs = 2

/** How often something is measured. */
export interface TimingOptions {
  /** Runs before each sample and is not measured. */
  readonly prepare?: () => void
  readonly samples?: number
  /** No further sample is taken after this time. One is always taken. */
  readonly boundMs?: number
}

/** Nanoseconds that one call of something short takes: the median of batches of calls. */
export function nanosOfCall(run: () => void): number {
  let calls = 1
  while (nanosOf(run, calls) < batchMs * 1e6 && calls < 1e6) calls *= 2
  return nanosOfRun(() => repeat(run, calls), { samples: 31, boundMs: 1_000 }) / calls
}

/** Nanoseconds that one run takes: the median of the samples. */
export function nanosOfRun(run: () => void, options: TimingOptions = {}): number {
  const { prepare, samples = 51, boundMs = 1_500 } = options
  const endMs = performance.now() + boundMs
  const taken: number[] = []
  do {
    prepare?.()
    taken.push(nanosOf(run, 1))
  } while (taken.length < samples && performance.now() < endMs)
  return median(taken)
}

function nanosOf(run: () => void, calls: number): number {
  const started = performance.now()
  repeat(run, calls)
  return (performance.now() - started) * 1e6
}

function repeat(run: () => void, calls: number): void {
  for (let call = 0; call < calls; call++) run()
}
