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
