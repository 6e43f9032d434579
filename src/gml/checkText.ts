import { wrongType } from '../errors/argumentErrors.ts'

/** Throws a `TypeError` for what is no string. */
export function checkText(where: string, name: string, value: unknown): string {
  if (typeof value !== 'string') throw wrongType(where, name, 'a string', value)
  return value
}
