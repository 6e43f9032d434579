import { show, wrongType } from '../errors/argumentErrors.ts'

/** A decimal number without blanks around it. The HTML5 runner also takes texts that only begin with one. */
const decimal = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i

/**
 * The number that an argument stands for in GameMaker: `true` is 1 and `false` is 0, a bigint is its value, a string is the
 * decimal number in it, with a sign, a fraction, an exponent and blanks around it or without. NaN and the infinities stay.
 *
 * Throws a `TypeError` for everything else, and a `RangeError` for a bigint that no number holds exactly.
 *
 * @param expected what the message says the argument must be
 */
export function toNumber(
  where: string,
  name: string,
  value: unknown,
  expected: string = 'a number',
): number {
  return typeof value === 'number' ? value : convert(where, name, value, expected)
}

function convert(where: string, name: string, value: unknown, expected: string): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return exact(where, name, value)
  const text = typeof value === 'string' ? value.trim() : ''
  if (!decimal.test(text)) throw wrongType(where, name, expected, value)
  return Number(text)
}

function exact(where: string, name: string, value: bigint): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  const max = Number.MAX_SAFE_INTEGER
  throw new RangeError(`${where}: ${name} must be in -${max}..${max}, got ${show(value)}`)
}
