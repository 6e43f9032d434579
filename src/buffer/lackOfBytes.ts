import { type BufferType } from '../constants/BufferType.ts'
import { typeName } from './bufferTypeSize.ts'
import { type NetworkBuffer } from './NetworkBuffer.ts'

/** The message for a value that does not fit at a place of a buffer. */
export function lackOfBytes(
  where: string,
  type: BufferType,
  need: number,
  at: string,
  { size }: NetworkBuffer,
): string {
  const bytes = need === 1 ? '1 byte' : `${need} bytes`
  return `${where}: ${typeName(type)} needs ${bytes} at ${at}, but the buffer has ${size}`
}
