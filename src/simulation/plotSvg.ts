// A plot as SVG, without a script: lines or stacked areas over time, faults as bands behind them.

import { showNumber, showTime } from './reportNumbers.ts'

/** One line, or one layer of a stack. */
export interface Series {
  readonly name: string
  /** A class of the page's style. */
  readonly look: string
  readonly values: readonly number[]
}

/** A time at which something was wrong. */
export interface Band {
  readonly fromMs: number
  readonly toMs: number
  readonly label: string
  readonly look: string
}

export interface Plot {
  readonly title: string
  /** What the numbers are: `ms`, `events/s`. */
  readonly unit: string
  /** Where each value begins, and where the last ends. */
  readonly times: readonly number[]
  readonly series: readonly Series[]
  readonly isStacked: boolean
  readonly bands: readonly Band[]
  readonly show?: (value: number) => string
}

const width = 560
const height = 190
const [left, right, top, bottom] = [58, 8, 10, 24]

/** The plot, with a legend and, on each span of time, its values as a tooltip. */
export function plotSvg(plot: Plot): string {
  const { title, unit, times, series, isStacked, bands, show = showNumber } = plot
  const endMs = times.at(-1) ?? 0
  const layers = isStacked ? stack(series) : series
  const highest = Math.max(...layers.flatMap(({ values }) => values), 0)
  const step = stepOf(highest / 4)
  const top4 = Math.max(step, Math.ceil(highest / step) * step)
  const x = (ms: number): number => left + (ms / Math.max(endMs, 1)) * (width - left - right)
  const y = (value: number): number => top + (1 - value / top4) * (height - top - bottom)
  const marks = Array.from({ length: Math.round(top4 / step) + 1 }, (_, index) => index * step)
  const parts = [
    ...bands.map(({ fromMs, toMs, label, look }) => {
      const wide = Math.max(x(toMs) - x(fromMs), 1.5)
      return `<rect class="${look}" x="${cut(x(fromMs))}" y="${top}" width="${cut(wide)}" height="${height - top - bottom}"><title>${escapeHtml(label)}</title></rect>`
    }),
    ...marks.map(
      (mark) =>
        `<line class="grid" x1="${left}" x2="${width - right}" y1="${cut(y(mark))}" y2="${cut(y(mark))}"/><text x="${left - 6}" y="${cut(y(mark) + 3.5)}" text-anchor="end">${show(mark)}</text>`,
    ),
    ...timeMarks(endMs).map(
      (ms) =>
        `<text x="${cut(x(ms))}" y="${height - 6}" text-anchor="middle">${showTime(ms)}</text>`,
    ),
    ...(isStacked
      ? layers.toReversed().map(({ look, values }) => area(look, values, times, x, y))
      : layers.map(({ look, values }) => line(look, values, times, x, y))),
    ...tooltips(plot, show, x),
  ]
  return `<figure><figcaption><b>${escapeHtml(title)}</b> <span>${escapeHtml(unit)}</span>${legend(series)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${parts.join('')}</svg></figure>`
}

function legend(series: readonly Series[]): string {
  if (series.length < 2) return ''
  const items = series.map(({ name, look }) => `<i class="key ${look}"></i>${escapeHtml(name)}`)
  return `<span class="legend">${items.join(' ')}</span>`
}

type Scale = (value: number) => number

/** A line with a point in the middle of each span. */
function line(
  look: string,
  values: readonly number[],
  times: readonly number[],
  x: Scale,
  y: Scale,
): string {
  const points = values.map((value, index) => `${cut(x(middle(times, index)))},${cut(y(value))}`)
  return `<polyline class="line ${look}" points="${points.join(' ')}"/>`
}

/** What is below a line that has a step at each span. */
function area(
  look: string,
  values: readonly number[],
  times: readonly number[],
  x: Scale,
  y: Scale,
): string {
  const steps = values.map(
    (value, index) => `V${cut(y(value))}H${cut(x(times[index + 1] ?? times[index] ?? 0))}`,
  )
  return `<path class="area ${look}" d="M${cut(x(0))} ${cut(y(0))}${steps.join('')}V${cut(y(0))}Z"/>`
}

function tooltips(
  { times, series, unit }: Plot,
  show: (value: number) => string,
  x: Scale,
): string[] {
  return (series[0]?.values ?? []).map((_, index) => {
    const fromMs = times[index] ?? 0
    const toMs = times[index + 1] ?? fromMs
    const values = series.map(({ name, values }) => `${name} ${show(values[index] ?? 0)}`)
    const text = `${showTime(fromMs)}: ${values.join(', ')} ${unit}`
    return `<rect class="tip" x="${cut(x(fromMs))}" y="${top}" width="${cut(x(toMs) - x(fromMs))}" height="${height - top - bottom}"><title>${escapeHtml(text)}</title></rect>`
  })
}

function stack(series: readonly Series[]): Series[] {
  const sums: number[] = []
  return series.map((each) => ({
    ...each,
    values: each.values.map((value, index) => (sums[index] = (sums[index] ?? 0) + value)),
  }))
}

const middle = (times: readonly number[], index: number): number =>
  ((times[index] ?? 0) + (times[index + 1] ?? times[index] ?? 0)) / 2

/** The next of 1, 2, 5, 10, 20 … and their tenths that is not below a value. */
function stepOf(value: number): number {
  if (!(value > 0)) return 1
  let unit = 1
  while (unit < value / 10) unit *= 10
  while (unit > value) unit /= 10
  for (const factor of [1, 2, 5]) if (unit * factor >= value) return unit * factor
  return unit * 10
}

const timeSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600]

function timeMarks(endMs: number): number[] {
  const stepMs = (timeSteps.find((step) => endMs / (step * 1_000) <= 6) ?? endMs / 6_000) * 1_000
  const count = Math.floor(endMs / Math.max(stepMs, 1))
  return Array.from({ length: count }, (_, index) => (index + 1) * stepMs).filter(
    // The last would stand half outside.
    (ms) => ms <= endMs * 0.97,
  )
}

const cut = (value: number): string => String(Math.round(value * 10) / 10)

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
