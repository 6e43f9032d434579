import { type BufferMemory, memoryOf } from '../buffer/BufferMemory.ts'
import { liveMemory, NetworkBuffer, notABuffer } from '../buffer/NetworkBuffer.ts'
import { encodeUtf8, untilNul } from '../buffer/utf8.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { isBytes } from '../errors/isBytes.ts'
import { headerBytes } from './packetHeader.ts'

/** How a message is sent: as a packet, or as bytes or text without a header. */
export type MessageForm = 'packet' | MessageType

/** A message in its memory, without header. */
export interface Message {
  readonly memory: BufferMemory
  readonly start: number
  readonly size: number
  readonly form: MessageForm
}

/** What can be sent: a buffer, plain bytes, or a text, which a packet ends with a NUL byte as GameMaker's strings. */
export type SendSource = NetworkBuffer | Uint8Array | string

const sizeMax = 0xffff_ffff

/** The message that the arguments of a send function mean, or `NetworkError.tooLarge`. Without `size` it is all that was written. */
export function messageToSend(
  where: string,
  source: SendSource,
  size: number | undefined,
  form: MessageForm,
): Message | NetworkError {
  const memory = memoryToSend(where, source, form)
  const isBuffer = source instanceof NetworkBuffer
  const available = isBuffer ? source.size : memory.bytes.length
  const count = size ?? (isBuffer ? source.used : available)
  if (!Number.isInteger(count) || count < 0) checkInteger(where, 'size', count, 0, sizeMax)
  if (count > available || count > sizeMax) return NetworkError.tooLarge
  return { memory, start: isBuffer ? source.start : 0, size: count, form }
}

/** The result of sending a message over TCP or UDP: its bytes, and those of a packet's header. */
export function sentBytes({ form, size }: Message): number {
  return form === 'packet' ? size + headerBytes : size
}

/** A copy of a message's bytes. */
export function copyMessage({ memory, start, size }: Message): Uint8Array {
  // Not `slice`, which of a `Buffer` is not a copy.
  return new Uint8Array(memory.bytes.subarray(start, start + size))
}

function memoryToSend(where: string, source: SendSource, form: MessageForm): BufferMemory {
  if (source instanceof NetworkBuffer) return liveMemory(where, source)
  if (isBytes(source)) return memoryOf(source)
  if (typeof source === 'string') return textToSend(source, form)
  throw notABuffer(where, source, 'a buffer, a Uint8Array or a text')
}

function textToSend(text: string, form: MessageForm): BufferMemory {
  // A text in a packet ends at its first NUL, as GameMaker's strings do.
  return memoryOf(form === 'packet' ? encodeUtf8(untilNul(text), 1) : encodeUtf8(text, 0))
}
