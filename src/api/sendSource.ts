import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { liveMemory, NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'

/** What can be sent: a buffer, or plain bytes. */
export type SendSource = NetworkBuffer | Uint8Array

const sizeMax = 0xffff_ffff

/** The memory of what is sent. Its bytes begin at {@link startOf}. */
export function memoryToSend(where: string, source: SendSource): BufferMemory {
  if (source instanceof NetworkBuffer) return liveMemory(where, source)
  if (source instanceof Uint8Array) return memoryOf(source)
  throw wrongType(where, 'buffer', 'a buffer or a Uint8Array', source)
}

/** Where the bytes begin in their memory. */
export function startOf(source: SendSource): number {
  return source instanceof NetworkBuffer ? source.start : 0
}

/** How many bytes are sent: `size`, or without it all that was written; or `NetworkError.tooLarge`. */
export function countToSend(where: string, source: SendSource, size: number | undefined): number {
  const isBuffer = source instanceof NetworkBuffer
  const available = isBuffer ? source.size : source.length
  const count = size ?? (isBuffer ? source.used : available)
  if (!Number.isInteger(count) || count < 0) checkInteger(where, 'size', count, 0, sizeMax)
  return count > available || count > sizeMax ? NetworkError.tooLarge : count
}
