// One figure of a table of growth, and the table.
import { formatTable } from '../table.ts'

/** What was measured; or, where it would have taken too long, what it is above. */
export type Figure = number | { readonly above: number }

/** A line of the table: one figure for each size. */
export interface FigureRow {
  readonly name: string
  readonly figures: readonly Figure[]
  /** What is aimed at, as text; nothing depends on it. */
  readonly goal: string
}

const flatGoal = '≤ 1.5 ×'

/**
 * One column for each size, then how much the figure for `comparedTo` is of that for the first size, then the goal.
 */
export function formatFigures(
  title: string,
  sizes: readonly number[],
  comparedTo: number,
  rows: readonly FigureRow[],
): string {
  const column = sizes.indexOf(comparedTo)
  const growth = `${formatNumber(comparedTo)} ÷ ${formatNumber(sizes[0] ?? 0)}`
  const head = [title, ...sizes.map(formatNumber), growth, 'goal']
  const lines = rows.map(({ name, figures, goal }) => [
    name,
    ...figures.map(formatFigure),
    formatGrowth(figures[0], figures[column]),
    goal,
  ])
  return formatTable([head, ...lines])
}

/** The line of something that is to cost the same whatever the size. */
export function flatRow(name: string, figures: readonly Figure[]): FigureRow {
  return { name, figures, goal: flatGoal }
}

function formatFigure(figure: Figure): string {
  return typeof figure === 'number' ? formatNumber(figure) : `> ${formatNumber(figure.above)}`
}

function formatGrowth(first: Figure | undefined, last: Figure | undefined): string {
  return typeof first === 'number' && typeof last === 'number'
    ? `${formatNumber(last / first)} ×`
    : '–'
}

/** Three digits, or all of a large number, with separators. */
function formatNumber(value: number): string {
  if (value >= 100 || Number.isInteger(value))
    return Math.round(value).toLocaleString('en', { useGrouping: true })
  return value.toPrecision(value < 1 ? 2 : 3)
}
