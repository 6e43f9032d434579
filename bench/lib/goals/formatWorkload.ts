// The tables of one workload.
import { bases, type ServerEntry } from '../servers/serverList.ts'
import { median, medianAndSpread } from '../statistics.ts'
import { formatTable } from '../table.ts'
import { type Figures, formats, type Measure, type Workload } from './Workload.ts'

/** The figures of each server, one for each round. */
export interface ServerRuns {
  readonly entry: Pick<ServerEntry, 'name' | 'wire'>
  readonly runs: readonly Figures[]
}

/** A table for each measure that is compared, one for the others together, and the legend. */
export function formatWorkload(workload: Workload, results: readonly ServerRuns[]): string {
  const { measures, legend } = workload
  const compared = measures.filter(({ ratio }) => ratio !== undefined)
  const others = measures.filter(({ ratio }) => ratio === undefined)
  const tables = compared.map((measure) => formatTable(comparison(measure, results)))
  if (others.length > 0) tables.push(formatTable(overview(others, results)))
  return [...tables, legend].join('\n\n')
}

function comparison(measure: Measure, results: readonly ServerRuns[]): string[][] {
  const head = ['server', measure.head, '× bare ws', '× bare net', '× by hand']
  const rows = results.map(({ entry, runs }) => [
    entry.name,
    spread(measure, runs),
    formatRatio(measure, runs, runsOf(results, bases.ws.bare)),
    entry.wire === 'tcp' ? formatRatio(measure, runs, runsOf(results, bases.tcp.bare)) : '–',
    formatRatio(measure, runs, runsOf(results, bases[entry.wire].byHand)),
  ])
  return [head, ...rows]
}

function overview(measures: readonly Measure[], results: readonly ServerRuns[]): string[][] {
  const head = ['server', ...measures.map(({ head }) => head)]
  const rows = results.map(({ entry, runs }) => [
    entry.name,
    ...measures.map((measure) => spread(measure, runs)),
  ])
  return [head, ...rows]
}

/** Ratios are taken within a round, where both servers met the same disturbances; then their median and spread. */
function formatRatio(
  { key, ratio }: Measure,
  runs: readonly Figures[],
  base: readonly Figures[] | undefined,
): string {
  if (base === undefined) return '–'
  const ratios = runs.map((run, round) => {
    const quotient = valueOf(run, key) / valueOf(base[round] ?? {}, key)
    return ratio === 'speed' ? 1 / quotient : quotient
  })
  const isLarge = median(ratios) >= 9.95
  return showSpread(ratios, isLarge ? formats.one : formats.two)
}

function spread({ key, format }: Measure, runs: readonly Figures[]): string {
  return showSpread(
    runs.map((run) => valueOf(run, key)),
    format,
  )
}

/** Of those rounds that have the figure. */
function showSpread(values: readonly number[], format: (value: number) => string): string {
  const known = values.filter(Number.isFinite)
  return known.length === 0 ? '–' : medianAndSpread(known, format)
}

function valueOf(figures: Figures, key: string): number {
  return figures[key] ?? Number.NaN
}

function runsOf(results: readonly ServerRuns[], name: string): readonly Figures[] | undefined {
  return results.find(({ entry }) => entry.name === name)?.runs
}
