// Numbers of reports, as people read them.

import { type SimulationReport, type SocketReport } from './SimulationReport.ts'

/** A number with three digits or more, and separators: `1,234`, `12.3`, `0.046`. */
export function showNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 100 || Number.isInteger(value)) return grouped(Math.round(value))
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.001 ? 3 : 4)
}

export function showBytes(bytes: number): string {
  if (bytes < 1_000) return `${showNumber(bytes)} B`
  if (bytes < 1_000_000) return `${showNumber(bytes / 1_000)} kB`
  return bytes < 1_000_000_000
    ? `${showNumber(bytes / 1_000_000)} MB`
    : `${showNumber(bytes / 1_000_000_000)} GB`
}

/** A time, such as `0.25 s`, `8 min 3 s`. */
export function showTime(ms: number): string {
  const seconds = ms / 1_000
  if (seconds < 60) return `${showNumber(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round(seconds - minutes * 60)
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`
}

/** Not `toLocaleString`, which follows the machine. */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** The columns of a table of sockets. */
export const socketColumns: readonly (readonly [head: string, (socket: SocketReport) => string])[] =
  [
    ['game', ({ game }) => game],
    ['socket', ({ type, port }) => (type === 'others' ? type : `${type} ${port}`)],
    ['events', ({ events }) => showNumber(events)],
    ['in', ({ bytesIn }) => showBytes(bytesIn)],
    ['out', ({ bytesOut }) => showBytes(bytesOut)],
    ['lost', ({ lostPackets }) => showNumber(lostPackets)],
    ['dropped', ({ dropped, undelivered }) => showNumber(dropped + undelivered)],
    ['p50 ms', ({ latency }) => showNumber(latency.p50Ms)],
    ['p95 ms', ({ latency }) => showNumber(latency.p95Ms)],
    ['p99 ms', ({ latency }) => showNumber(latency.p99Ms)],
    ['max ms', ({ latency }) => showNumber(latency.maxMs)],
  ]

/** How many columns of that table are texts. */
export const textColumns = 2

/** A failure in a line: `tick 9 (0.15 s): no order is missing: …`. */
export function showFailure({ failure }: SimulationReport): string | undefined {
  if (failure === undefined) return undefined
  const { tick, atMs, name, message } = failure
  return `tick ${tick} (${showTime(atMs)}): ${name === '' ? '' : `${name}: `}${message}`
}
