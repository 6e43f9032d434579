import { wrongType } from '../errors/argumentErrors.ts'
import { type NetworkBuffer, readError } from './NetworkBuffer.ts'

/**
 * Cuts the fraction off an offset or a count that a caller gave. NaN and the infinities are refused.
 *
 * @param source the buffer that is read there: of a received one the error is a `BadMessageError`
 */
export function cutFraction(
  where: string,
  name: string,
  value: unknown,
  source?: NetworkBuffer,
): number {
  if (typeof value !== 'number') throw wrongType(where, name, 'a number', value)
  if (!Number.isFinite(value))
    throw readError(source, wrongType(where, name, 'a finite number', value).message)
  // Adding 0 turns -0, which cutting -0.5 leaves, into 0.
  return Math.trunc(value) + 0
}
