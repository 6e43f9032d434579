import { wrongType } from '../errors/argumentErrors.ts'

/** Cuts the fraction off an offset or a count that a caller gave. NaN and the infinities are refused. */
export function cutFraction(where: string, name: string, value: unknown): number {
  if (typeof value !== 'number') throw wrongType(where, name, 'a number', value)
  if (!Number.isFinite(value))
    throw new RangeError(`${where}: ${name} must be a finite number, got ${value}`)
  // Adding 0 turns -0, which cutting -0.5 leaves, into 0.
  return Math.trunc(value) + 0
}
