import { wrongType } from '../../errors/argumentErrors.ts'

/** Throws a `TypeError` unless a caller gave a function. */
export function checkHandler(where: string, handler: unknown): void {
  if (typeof handler !== 'function') throw wrongType(where, 'handler', 'a function', handler)
}
