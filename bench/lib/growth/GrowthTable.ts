import { type FigureRow } from './Figure.ts'

/** A table of `measure-growth`, as it is told to the parent. */
export interface GrowthTable {
  readonly title: string
  readonly sizes: readonly number[]
  readonly rows: readonly FigureRow[]
}
