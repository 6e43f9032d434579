import { colors, fontSize, line, picture, tag, text, ticksTo } from './svg.ts'

/** One line: a figure for each size. */
export interface Series {
  readonly label: string
  readonly values: readonly number[]
  readonly color: string
}

const width = 720
const height = 340
const left = 60
const right = 210
const top = 56
const bottom = height - 56
const labelGap = fontSize + 3

/** Sizes from left to right, each ten times the one before; figures from zero upwards. */
export function plotLines(
  title: string,
  xUnit: string,
  yUnit: string,
  sizes: readonly number[],
  series: readonly Series[],
): string {
  const ticks = ticksTo(Math.max(...series.flatMap(({ values }) => values)))
  const [first = 1, last = 1] = [sizes[0], sizes.at(-1)]
  const x = (size: number): number =>
    left + (Math.log(size / first) / Math.log(last / first)) * (width - left - right)
  const y = (value: number): number => bottom - (value / (ticks.at(-1) ?? 1)) * (bottom - top)
  const grid = ticks.map((value) => [
    line(left, y(value), width - right, y(value), { stroke: colors.line, 'stroke-opacity': 0.35 }),
    text(left - 8, y(value) + 4, value.toLocaleString('en'), { 'text-anchor': 'end' }),
  ])
  const columns = sizes.map((size) =>
    text(x(size), bottom + 18, size.toLocaleString('en'), { 'text-anchor': 'middle' }),
  )
  const lines = series.map(({ values, color }) => {
    const points = sizes.map((size, index) => [x(size), y(values[index] ?? 0)] as const)
    const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
    return [
      tag('polyline', { points: path, fill: 'none', stroke: color, 'stroke-width': 2 }),
      ...points.map(([cx, cy]) => tag('circle', { cx, cy, r: 3, fill: color })),
    ]
  })
  return picture(width, height, title, [
    ...grid.flat(),
    ...columns,
    ...lines.flat(),
    ...labels(series, y),
    text(left, bottom + 40, xUnit),
    text(0, top - 16, yUnit),
  ])
}

/** Beside the ends of the lines, moved apart where they would cover each other. */
function labels(series: readonly Series[], y: (value: number) => number): readonly string[] {
  let free = bottom
  return series
    .map(({ label, values, color }) => ({ label, color, at: y(values.at(-1) ?? 0) }))
    .sort((a, b) => b.at - a.at)
    .map(({ label, color, at }) => {
      const place = Math.min(at, free)
      free = place - labelGap
      return text(width - right + 12, place + 4, label, { fill: color })
    })
}
