import { wrongType } from '../errors/argumentErrors.ts'
import { checkFunction } from '../errors/optionChecks.ts'

/** Throws a `TypeError` unless `observer` is an object with a function `received` or `sent`, or with both. */
export function checkObserver(where: string, observer: unknown): void {
  const { received, sent } = Object(observer) as { received?: unknown; sent?: unknown }
  if (received === undefined && sent === undefined)
    throw wrongType(where, 'observer', 'an object with received, sent or both', observer)
  if (received !== undefined) checkFunction(where, 'observer.received', received)
  if (sent !== undefined) checkFunction(where, 'observer.sent', sent)
}
