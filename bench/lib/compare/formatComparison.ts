// The table of `npm run bench:compare`.
import { median } from '../statistics.ts'
import { formatTable } from '../table.ts'
import { type Round } from './compareWorkload.ts'
import { medianInterval } from './medianInterval.ts'
import { verdictOf } from './verdictOf.ts'
import { type Workload } from './workloadList.ts'

/** A workload and its rounds. */
export interface Comparison {
  readonly workload: Workload
  readonly rounds: readonly Round[]
}

/** One line for each workload; more than 1 is faster. */
export function formatComparisons(comparisons: readonly Comparison[], revision: string): string {
  const head = ['workload', 'CPU of', revision, 'working tree', 'ratio', '95 %', 'verdict']
  return formatTable([head, ...comparisons.map(rowOf)])
}

function rowOf({ workload, rounds }: Comparison): string[] {
  const ratios = rounds.map((round) => round.revision / round.tree)
  const interval = medianInterval(ratios)
  return [
    workload.name,
    `a ${workload.counted}`,
    formatMicros(median(rounds.map((round) => round.revision))),
    formatMicros(median(rounds.map((round) => round.tree))),
    median(ratios).toFixed(3),
    `${interval.low.toFixed(3)}–${interval.high.toFixed(3)}`,
    verdictOf(interval),
  ]
}

function formatMicros(micros: number): string {
  return micros < 1 ? `${(micros * 1e3).toPrecision(3)} ns` : `${micros.toPrecision(3)} µs`
}
