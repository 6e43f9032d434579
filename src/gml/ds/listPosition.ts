import { wrongType } from '../../errors/argumentErrors.ts'

/** A position in a list, without its fraction. Throws a `TypeError` unless it is a number. */
export function listPosition(where: string, pos: number): number {
  if (typeof pos !== 'number' || Number.isNaN(pos)) throw wrongType(where, 'pos', 'a number', pos)
  return Math.trunc(pos)
}
