import { wrongType } from '../../errors/argumentErrors.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { toNumber } from '../toNumber.ts'

/** A position in a list, without its fraction. Throws a `TypeError` for what does not stand for a number. */
export function listPosition(where: string, pos: GmlNumber): number {
  const number = toNumber(where, 'pos', pos)
  if (Number.isNaN(number)) throw wrongType(where, 'pos', 'a number', pos)
  return Math.trunc(number)
}
