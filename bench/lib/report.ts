// The tables of `npm run bench`.
import { type EchoResult } from './runEcho.ts'
import { medianAndSpread } from './statistics.ts'
import { formatTable } from './table.ts'

/** The results of each server by its name, one per round and in the order of the rounds. */
export type Results = ReadonlyMap<string, readonly EchoResult[]>

type Measure = (result: EchoResult) => number

const speed: Measure = (result) => result.messagesPerSecond
/** Messages for one second of CPU time: what counts where a server is not the busiest process. */
const thrift: Measure = (result) => 1 / result.cpuMicrosPerMessage

/** One line per server; ratios are taken within a round, then their median and spread. */
export function formatResults(results: Results): string {
  const head = ['server', 'messages/s', 'CPU µs/message', '× bare ws', '× by CPU']
  const rows = [...results].map(([name, runs]) => [
    name,
    medianAndSpread(runs.map(speed), formatCount),
    medianAndSpread(
      runs.map((run) => run.cpuMicrosPerMessage),
      (value) => value.toFixed(2),
    ),
    formatRatio(results, name, 'ws', speed),
    formatRatio(results, name, 'ws', thrift),
    medianAndSpread(
      runs.map((run) => run.messagesPerRead),
      (value) => value.toFixed(1),
    ),
    medianAndSpread(
      runs.map((run) => run.loadCpuMicrosPerMessage),
      (value) => value.toFixed(2),
    ),
  ])
  const lines = [formatTable([[...head, 'messages/read', 'generator CPU'], ...rows])]
  if (results.has('ours') && results.has('net-tick'))
    lines.push(
      '',
      `ours / net-tick: ${formatRatio(results, 'ours', 'net-tick', speed)} by messages/s, ` +
        `${formatRatio(results, 'ours', 'net-tick', thrift)} by CPU`,
    )
  return lines.join('\n')
}

function formatRatio(results: Results, name: string, base: string, measure: Measure): string {
  const bases = results.get(base)
  if (bases === undefined) return '–'
  const ratios = (results.get(name) ?? []).map((run, round) => {
    const other = bases[round]
    return other === undefined ? Number.NaN : measure(run) / measure(other)
  })
  return medianAndSpread(ratios, (value) => value.toFixed(2))
}

function formatCount(value: number): string {
  return value < 999_500 ? `${(value / 1e3).toFixed(0)} k` : `${(value / 1e6).toFixed(2)} M`
}
