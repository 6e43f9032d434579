import { median } from '../statistics.ts'
import { colors, line, picture, tag, text, ticksTo } from './svg.ts'

/** A server and its figures, one for each round. */
export interface Bar {
  readonly label: string
  readonly values: readonly number[]
  /** This library. */
  readonly isOwn: boolean
}

const width = 720
const left = 250
const right = 70
const top = 38
const rowHeight = 30
const barHeight = 16

/** Medians as bars, with a thin line from the least to the most. */
export function plotBars(title: string, unit: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.flatMap(({ values }) => values))
  const ticks = ticksTo(most)
  const scale = (value: number): number =>
    left + (value / (ticks.at(-1) ?? 1)) * (width - left - right)
  const bottom = top + bars.length * rowHeight
  const axis = ticks.map((value) => [
    line(scale(value), top, scale(value), bottom, { stroke: colors.line, 'stroke-opacity': 0.35 }),
    text(scale(value), bottom + 18, String(value), { 'text-anchor': 'middle' }),
  ])
  const rows = bars.map(({ label, values, isOwn }, index) => {
    const middle = top + (index + 0.5) * rowHeight
    const value = median(values)
    const fill = isOwn ? colors.own : colors.other
    const end = scale(Math.max(...values))
    return [
      text(left - 10, middle + 4, label, {
        'text-anchor': 'end',
        ...(isOwn ? { fill: colors.own } : {}),
      }),
      tag('rect', {
        x: left,
        y: middle - barHeight / 2,
        width: scale(value) - left,
        height: barHeight,
        fill,
        rx: 2,
      }),
      line(scale(Math.min(...values)), middle, end, middle, { stroke: colors.text }),
      text(end + 8, middle + 4, value.toFixed(2)),
    ]
  })
  const caption = text(left, bottom + 38, unit)
  return picture(width, bottom + 48, title, [...axis.flat(), ...rows.flat(), caption])
}
