import { type Fault } from './Fault.ts'
import { type Band, escapeHtml, plotSvg, type Series } from './plotSvg.ts'
import { showBytes, showFailure, showNumber, showTime, socketColumns } from './reportNumbers.ts'
import { reportStyle } from './reportStyle.ts'
import {
  type SimulationCost,
  type SimulationReport,
  type SocketReport,
  type SpanReport,
} from './SimulationReport.ts'

/** Sockets that are shown at once; the others unfold. */
const rowsMax = 12
/** Of more faults the plots would be nothing but bands. */
const bandsMax = 120

/** A report as one page of HTML that needs nothing else, no script either: figures, plots over time, a table of sockets. */
export function reportHtml(report: SimulationReport, cost?: SimulationCost): string {
  const { seed, hz, ticks, simulatedMs, clients, hash } = report
  const failure = showFailure(report)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulation, seed ${seed}</title>
<style>${reportStyle}</style>
<h1>Simulation, seed ${seed}</h1>
<p>${showTime(simulatedMs)} in ${showNumber(ticks)} ticks at ${showNumber(hz)} Hz, ${showNumber(clients)} ${clients === 1 ? 'client' : 'clients'}. Hash of all events: <code>${hash}</code></p>
${failure === undefined ? '' : `<p class="failed"><b>Failed</b> at ${escapeHtml(failure)}</p>`}
<div class="tiles">${tiles(report, cost)}</div>
<div class="plots">${plots(report, cost).join('\n')}</div>
${faultList(report.faults)}
<h2>Sockets</h2>
${socketTables(report.sockets)}
</html>
`
}

function tiles(report: SimulationReport, cost: SimulationCost | undefined): string {
  const { simulatedMs, events, bytesOut, lostPackets, latency, sockets } = report
  const seconds = Math.max(simulatedMs / 1_000, 0.001)
  const dropped = sockets.reduce((sum, each) => sum + each.dropped + each.undelivered, 0)
  const facts: (readonly [value: string, name: string])[] = [
    [showNumber(events), `events, ${showNumber(events / seconds)} a second`],
    [showBytes(bytesOut), `sent, ${showBytes(bytesOut / seconds)} a second`],
    [`${showNumber(latency.p50Ms)} ms`, 'latency, median'],
    [`${showNumber(latency.p99Ms)} ms`, 'latency, 99 %'],
    [showNumber(lostPackets), 'packets lost'],
    [showNumber(dropped), 'datagrams dropped'],
  ]
  if (cost !== undefined)
    facts.push(
      [`${showNumber(cost.speed)} ×`, `real time, ${showTime(cost.wallMs)}`],
      [`${showNumber(cost.serverTick.p99Ms)} ms`, "a server's tick, 99 %"],
    )
  return facts
    .map(([value, name]) => `<div class="tile"><b>${value}</b><span>${name}</span></div>`)
    .join('')
}

function plots(report: SimulationReport, cost: SimulationCost | undefined): string[] {
  const { spans, simulatedMs, faults } = report
  const times = [...spans.map(({ fromMs }) => fromMs), simulatedMs]
  const bands = bandsOf(faults, simulatedMs)
  const perSecond = (name: string, look: string, of: (span: SpanReport) => number): Series => ({
    name,
    look,
    values: spans.map((span) => (of(span) * 1_000) / Math.max(span.toMs - span.fromMs, 0.001)),
  })
  const latency = (name: string, look: string, of: 'p50Ms' | 'p95Ms' | 'p99Ms'): Series => ({
    name,
    look,
    values: spans.map((span) => span.latency[of]),
  })
  const over = { times, bands }
  const all = [
    plotSvg({
      ...over,
      title: 'Latency',
      unit: 'ms until it is handled',
      isStacked: false,
      series: [
        latency('p99', 'three', 'p99Ms'),
        latency('p95', 'two', 'p95Ms'),
        latency('p50', 'one', 'p50Ms'),
      ],
    }),
    plotSvg({
      ...over,
      title: 'Events',
      unit: 'a second',
      isStacked: true,
      series: [perSecond('events', 'one', ({ events }) => events)],
    }),
    plotSvg({
      ...over,
      title: 'Traffic',
      unit: 'a second',
      isStacked: false,
      show: showBytes,
      series: [
        perSecond('sent', 'two', ({ bytesOut }) => bytesOut),
        perSecond('arrived', 'one', ({ bytesIn }) => bytesIn),
      ],
    }),
    plotSvg({
      ...over,
      title: 'Lost packets',
      unit: 'a second',
      isStacked: true,
      series: [perSecond('lost', 'two', ({ lostPackets }) => lostPackets)],
    }),
  ]
  return cost === undefined ? all : [...all, costPlot(cost, simulatedMs)]
}

function costPlot({ spans }: SimulationCost, simulatedMs: number): string {
  return plotSvg({
    title: 'What a tick costs',
    unit: 'ms of real time',
    times: [...spans.map(({ fromMs }) => fromMs), simulatedMs],
    isStacked: true,
    bands: [],
    series: [
      { name: 'server', look: 'one', values: spans.map(({ serverMs }) => serverMs) },
      { name: 'clients', look: 'four', values: spans.map(({ clientsMs }) => clientsMs) },
      { name: 'network', look: 'three', values: spans.map(({ networkMs }) => networkMs) },
    ],
  })
}

function bandsOf(faults: readonly Fault[], endMs: number): Band[] {
  if (faults.length > bandsMax) return []
  return faults
    .filter(({ kind, atMs }) => kind !== 'heal' && atMs <= endMs)
    .map((fault) => ({
      fromMs: fault.atMs,
      toMs: Math.min(
        endMs,
        fault.kind === 'heal' || fault.durationMs === undefined
          ? endMs
          : fault.atMs + fault.durationMs,
      ),
      label: showFault(fault),
      look: fault.kind,
    }))
}

function showFault(fault: Fault): string {
  const { kind, atMs, ...rest } = fault
  return `${showTime(atMs)}: ${kind} ${JSON.stringify(rest)}`
}

function faultList(faults: readonly Fault[]): string {
  if (faults.length === 0) return ''
  const items = faults.map((fault) => `<li><code>${escapeHtml(showFault(fault))}</code></li>`)
  return `<h2>Faults</h2><p>In the plots: <i class="key cut"></i>a cut <i class="key conditions"></i>other conditions <i class="key crash"></i>a crash</p><details${faults.length <= 10 ? ' open' : ''}><summary>${faults.length} faults</summary><ol>${items.join('')}</ol></details>`
}

function socketTables(sockets: readonly SocketReport[]): string {
  const first = socketTable(sockets.slice(0, rowsMax))
  const rest = sockets.slice(rowsMax)
  if (rest.length === 0) return first
  return `${first}<details><summary>${rest.length} more</summary>${socketTable(rest)}</details>`
}

function socketTable(sockets: readonly SocketReport[]): string {
  const heads = socketColumns.map(([head]) => `<th>${head}</th>`)
  const rows = sockets.map((socket) => {
    const cells = socketColumns.map(([, show]) => `<td>${escapeHtml(show(socket))}</td>`)
    return `<tr>${cells.join('')}</tr>`
  })
  return `<div class="scroll"><table><tr>${heads.join('')}</tr>${rows.join('')}</table></div>`
}
