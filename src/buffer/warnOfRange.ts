import { type BufferType } from '../constants/BufferType.ts'
import { typeName } from './bufferTypeSize.ts'

/** The types of which a warning has been given: one each, since a counter that wraps may be meant so. */
const warned = new Set<BufferType>()

/**
 * Warns once for each integer type of a number of which only the low bits are stored. A negative number in an unsigned type,
 * or a large one in a signed type, is not lost and no reason to warn.
 *
 * @param size the bytes of the type, fewer than 8
 */
export function warnOfRange(where: string, type: BufferType, size: number, value: number): void {
  const range = 2 ** (8 * size)
  if ((value < range && value >= -range / 2) || warned.has(type)) return
  warned.add(type)
  const whole = Math.trunc(value)
  const low = ((whole % range) + range) % range
  const name = typeName(type)
  const stored = name.startsWith('s') && low >= range / 2 ? low - range : low
  console.warn(
    `bitecs-networking: ${where}: ${name} holds ${8 * size} bits, so ${value} is stored as ${stored}`,
  )
}
