import { type SimulationCost, type SimulationReport } from './SimulationReport.ts'
import {
  showBytes,
  showFailure,
  showNumber,
  showTime,
  socketColumns,
  textColumns,
} from './reportNumbers.ts'

/** Sockets beyond these are left out. */
const rowsMax = 20

/** A report as a text of some lines, for a terminal: the totals, and a table of the first 20 sockets. */
export function reportText(report: SimulationReport, cost?: SimulationCost): string {
  const { seed, hz, ticks, simulatedMs, clients, events, latency, faults, hash } = report
  const { bytesIn, bytesOut, lostPackets, sockets } = report
  const failure = showFailure(report)
  const lines = [
    `seed ${seed}: ${showTime(simulatedMs)} in ${showNumber(ticks)} ticks at ${showNumber(hz)} Hz, ${showNumber(clients)} clients, ${showNumber(faults.length)} faults`,
    ...(failure === undefined ? [] : [`FAILED at ${failure}`]),
    `events ${showNumber(events)}, sent ${showBytes(bytesOut)}, arrived ${showBytes(bytesIn)}, ${showNumber(lostPackets)} packets lost`,
    `latency p50 ${showNumber(latency.p50Ms)} ms, p95 ${showNumber(latency.p95Ms)} ms, p99 ${showNumber(latency.p99Ms)} ms, max ${showNumber(latency.maxMs)} ms`,
    ...(cost === undefined ? [] : [costLine(cost)]),
    `hash ${hash}`,
    '',
    ...table(report),
  ]
  if (sockets.length > rowsMax) lines.push(`… and ${sockets.length - rowsMax} more`)
  return lines.join('\n')
}

function costLine({ wallMs, speed, serverTick, wholeTick }: SimulationCost): string {
  return `took ${showTime(wallMs)}, ${showNumber(speed)} × real time; a tick ${showNumber(wholeTick.p50Ms)} ms, p99 ${showNumber(wholeTick.p99Ms)} ms; the server's ${showNumber(serverTick.p50Ms)} ms, p99 ${showNumber(serverTick.p99Ms)} ms`
}

function table({ sockets }: SimulationReport): string[] {
  const rows = [
    socketColumns.map(([head]) => head),
    ...sockets.slice(0, rowsMax).map((socket) => socketColumns.map(([, show]) => show(socket))),
  ]
  const widths = socketColumns.map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column < textColumns ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  )
}
