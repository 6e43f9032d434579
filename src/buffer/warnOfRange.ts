import { type BufferType } from '../constants/BufferType.ts'
import { modulo } from './position.ts'
import { typeName } from './bufferTypeSize.ts'

/** The types of which a warning has been given: one each, since a counter that wraps may be meant so. */
const warned = new Set<BufferType>()

/** How many values there are, by the bytes of a type: a power would cost more than the write. */
const rangeOf = [1, 2 ** 8, 2 ** 16, 2 ** 24, 2 ** 32]

/**
 * Whether all bits of a number are stored. A negative number in an unsigned type, or a large one in a signed type, loses none.
 *
 * @param size the bytes of an integer type, fewer than 8
 */
export function isInRange(size: number, value: number): boolean {
  const range = rangeOf[size]!
  // A fraction is cut.
  return value < range && value > -range / 2 - 1
}

/** Warns once for each integer type of a number of which only the low bits are stored. */
export function warnOfRange(where: string, type: BufferType, size: number, value: number): void {
  if (warned.has(type)) return
  warned.add(type)
  const range = rangeOf[size]!
  const low = modulo(Math.trunc(value), range)
  const name = typeName(type)
  const stored = name.startsWith('s') && low >= range / 2 ? low - range : low
  console.warn(
    `bitecs-networking: ${where}: ${name} holds ${8 * size} bits, so ${value} is stored as ${stored}`,
  )
}
