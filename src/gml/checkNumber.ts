import { wrongType } from '../errors/argumentErrors.ts'

/** Throws a `TypeError` for what is no number. */
export function checkNumber(where: string, name: string, value: unknown): number {
  if (typeof value !== 'number') throw wrongType(where, name, 'a number', value)
  return value
}
