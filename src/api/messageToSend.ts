import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { liveMemory, NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { type Message, type MessageForm } from '../traffic/TrafficObserver.ts'

/** What can be sent: a buffer, or plain bytes. */
export type SendSource = NetworkBuffer | Uint8Array

const sizeMax = 0xffff_ffff

/** The message that the arguments of a send function mean, or `NetworkError.tooLarge`. Without `size` it is all that was written. */
export function messageToSend(
  where: string,
  source: SendSource,
  size: number | undefined,
  form: MessageForm,
): Message | NetworkError {
  const memory = memoryToSend(where, source)
  const isBuffer = source instanceof NetworkBuffer
  const available = isBuffer ? source.size : source.length
  const count = size ?? (isBuffer ? source.used : available)
  if (!Number.isInteger(count) || count < 0) checkInteger(where, 'size', count, 0, sizeMax)
  if (count > available || count > sizeMax) return NetworkError.tooLarge
  return { memory, start: isBuffer ? source.start : 0, size: count, form }
}

function memoryToSend(where: string, source: SendSource): BufferMemory {
  if (source instanceof NetworkBuffer) return liveMemory(where, source)
  if (source instanceof Uint8Array) return memoryOf(source)
  throw wrongType(where, 'buffer', 'a buffer or a Uint8Array', source)
}
