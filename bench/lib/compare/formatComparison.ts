// The lines of `npm run bench:compare`, each printed when its workload is done.
import { median } from '../statistics.ts'
import { type Round } from './compareWorkload.ts'
import { medianInterval } from './medianInterval.ts'
import { verdictOf } from './verdictOf.ts'
import { type Workload } from './workloadList.ts'

const widths = [14, 12, 10, 13, 7, 13, 10]

/** The line above the others. */
export function formatHead(revision: string): string {
  return formatLine(['workload', 'CPU of', revision, 'working tree', 'ratio', '95 %', 'verdict'])
}

/** What the rounds of a workload say; a ratio above 1 is faster. */
export function formatComparison(workload: Workload, rounds: readonly Round[]): string {
  const ratios = rounds.map((round) => round.revision / round.tree)
  const interval = medianInterval(ratios)
  return formatLine([
    workload.name,
    workload.counted,
    formatMicros(median(rounds.map((round) => round.revision))),
    formatMicros(median(rounds.map((round) => round.tree))),
    median(ratios).toFixed(3),
    `${interval.low.toFixed(3)}–${interval.high.toFixed(3)}`,
    verdictOf(interval),
  ])
}

function formatLine(cells: readonly string[]): string {
  return cells.map(pad).join('  ')
}

function pad(cell: string, column: number): string {
  const width = widths[column] ?? 0
  return column < 2 ? cell.padEnd(width) : cell.padStart(width)
}

function formatMicros(micros: number): string {
  if (micros < 1) return `${(micros * 1e3).toPrecision(3)} ns`
  return micros < 1e3 ? `${micros.toPrecision(3)} µs` : `${(micros / 1e3).toPrecision(3)} ms`
}
