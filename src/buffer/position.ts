import { BufferKind } from '../constants/BufferKind.ts'
import { type NetworkBuffer } from './NetworkBuffer.ts'

/** Whether a buffer continues at its start: a wrap kind, if it is not empty. */
export function isRing({ kind, size }: NetworkBuffer): boolean {
  return kind === BufferKind.wrap && size > 0
}

/** The next multiple of a power of two. */
export function roundUp(value: number, alignment: number): number {
  return value + (-value & (alignment - 1))
}

/** An offset on a ring of `size` bytes, for negative offsets too. */
export function modulo(offset: number, size: number): number {
  const rest = offset % size
  return rest < 0 ? rest + size : rest
}

/**
 * Where the next read or write begins: the position, aligned. Wrap kinds are aligned on the endless
 * stream that their bytes stand for, so passing the end shifts the alignment.
 */
export function alignedPosition(buffer: NetworkBuffer): number {
  const { alignment, alignOffset, size } = buffer
  const at = roundUp(buffer.position + alignOffset, alignment) - alignOffset
  return at < size || !isRing(buffer) ? at : passEnds(buffer, at, Math.floor(at / size))
}

/** Puts the position behind what was read or written. Directly behind the last byte it may stay. */
export function moveBehind(buffer: NetworkBuffer, end: number): void {
  const { size } = buffer
  const passes = end > size && isRing(buffer)
  buffer.position = passes ? passEnds(buffer, end, Math.ceil(end / size) - 1) : end
}

function passEnds(buffer: NetworkBuffer, at: number, ends: number): number {
  const passed = ends * buffer.size
  buffer.alignOffset = (buffer.alignOffset + passed) % buffer.alignment
  return at - passed
}

/** Raises the used size to the end of what was written, inside the buffer. */
export function markUsed(buffer: NetworkBuffer, end: number): void {
  buffer.used = Math.min(Math.max(buffer.used, end), buffer.size)
}

/**
 * Brings a range into a buffer that is not empty: the offset into 0..size - 1, the length to the rest. A negative length means
 * all; a wrap kind continues at its start.
 */
export function rangeIn(
  { kind, size }: NetworkBuffer,
  offset: number,
  wanted: number,
): { from: number; count: number } {
  const count = wanted < 0 ? size : wanted
  if (kind === BufferKind.wrap) return { from: modulo(offset, size), count }
  const from = Math.min(Math.max(offset, 0), size - 1)
  return { from, count: Math.min(count, size - from) }
}
