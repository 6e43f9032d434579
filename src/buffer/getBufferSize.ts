import { type BufferKind } from '../constants/BufferKind.ts'
import { cutFraction } from './cutFraction.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'

// The properties of a buffer. All of these throw a `FreedError` for a freed buffer.

/** The allocated bytes. GameMaker: `buffer_get_size`. */
export function getBufferSize(buffer: NetworkBuffer): number {
  liveMemory('getBufferSize', buffer)
  return buffer.size
}

/**
 * The end of the highest byte written so far, in bytes from the start; all of a received buffer is used.
 * Texts are read up to here. GameMaker: `buffer_get_used_size`.
 */
export function getBufferUsedSize(buffer: NetworkBuffer): number {
  liveMemory('getBufferUsedSize', buffer)
  return buffer.used
}

/**
 * Sets the used size, kept in 0..size. No byte changes. Throws a `TypeError` or `RangeError` for what is
 * no finite number. GameMaker: `buffer_set_used_size`.
 */
export function setBufferUsedSize(buffer: NetworkBuffer, size: number): void {
  liveMemory('setBufferUsedSize', buffer)
  const whole = cutFraction('setBufferUsedSize', 'size', size)
  buffer.used = Math.min(Math.max(whole, 0), buffer.size)
}

/** The kind the buffer was made with. GameMaker: `buffer_get_type`. */
export function getBufferKind(buffer: NetworkBuffer): BufferKind {
  liveMemory('getBufferKind', buffer)
  return buffer.kind
}

/** The alignment in bytes, a power of two in 1..1024. GameMaker: `buffer_get_alignment`. */
export function getBufferAlignment(buffer: NetworkBuffer): number {
  liveMemory('getBufferAlignment', buffer)
  return buffer.alignment
}

/**
 * All allocated bytes of the buffer as they are: writing into the array writes into the buffer. It is
 * valid until the buffer is freed or changes its size, and for the buffer of a Networking event until the
 * event ends, because the memory then serves other packets. Copy it (`bytes.slice()`) to keep it.
 * GameMaker: `buffer_get_address`.
 */
export function getBufferBytes(buffer: NetworkBuffer): Uint8Array {
  const { bytes } = liveMemory('getBufferBytes', buffer)
  return bytes.subarray(buffer.start, buffer.start + buffer.size)
}
