import { type BufferKind } from '../constants/BufferKind.ts'
import { memoryOf } from '../buffer/BufferMemory.ts'
import { NetworkBuffer } from '../buffer/NetworkBuffer.ts'

/** A new buffer over bytes that nobody else holds: alignment 1, position 0, all of it used. */
export function bufferOver(bytes: Uint8Array, kind: BufferKind): NetworkBuffer {
  return new NetworkBuffer(memoryOf(bytes), 0, bytes.length, kind, 1, bytes.length)
}
