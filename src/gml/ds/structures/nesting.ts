import { show } from '../../../errors/argumentErrors.ts'

/** The most structures inside each other that are written or read, as GameMaker has it for JSON. */
export const nestingMax = 128

/** Throws a `RangeError` if something cannot be put inside what is open: it is among that, or that is too much. */
export function checkNesting(
  where: string,
  open: readonly object[],
  next: object,
  what: string = show(next),
): void {
  if (open.includes(next)) throw new RangeError(`${where}: ${what} contains itself`)
  if (open.length >= nestingMax)
    throw new RangeError(`${where}: more than ${nestingMax} structures are inside each other`)
}

/** Throws a `RangeError` for a bigint that is wider than GameMaker's int64 and u64. */
export function checkWidth(where: string, value: bigint): void {
  if (BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value) return
  throw new RangeError(`${where}: a bigint must have 64 bits at most, got ${show(value)}`)
}

/**
 * Whether more than `nestingMax` arrays and objects are inside each other. Goes level by level, as what is too deep may be
 * too deep for the stack.
 */
export function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isObject)
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > nestingMax) return true
    level = level.flatMap((structure) => Object.values(structure).filter(isObject))
  }
  return false
}

/** Whether a value is an array or an object. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
