import { BufferKind } from '../constants/BufferKind.ts'
import { type BufferMemory } from './BufferMemory.ts'
import { type NetworkBuffer } from './NetworkBuffer.ts'
import { loadAround } from './ring.ts'
import { findNul, loadUtf8 } from './utf8.ts'

// Texts inside a buffer. Positions count from the start of the buffer; behind the size they mean the next
// round of a wrap kind.

/** How far a text that begins at `at` can reach: the used size, or one round of a full wrap kind. */
export function textLimit(buffer: NetworkBuffer, at: number): number {
  const { kind, size, used } = buffer
  if (at >= used) return at
  return kind === BufferKind.wrap && used === size ? size + at : used
}

/** Where the NUL byte of a text stands, or the limit. */
export function textEnd(
  buffer: NetworkBuffer,
  memory: BufferMemory,
  at: number,
  limit: number,
): number {
  if (at >= limit) return at
  const { start, size } = buffer
  const edge = Math.min(limit, size)
  const end = findNul(memory.bytes, start + at, start + edge) - start
  if (end < edge || limit <= size) return end
  return size + findNul(memory.bytes, start, start + limit - size) - start
}

/** The text from `at` up to what `textEnd` gave. */
export function textBetween(
  buffer: NetworkBuffer,
  memory: BufferMemory,
  at: number,
  end: number,
): string {
  const { start, size } = buffer
  if (end <= size) return loadUtf8(memory.bytes, start + at, start + end)
  const bytes = loadAround(buffer, memory, at, end - at)
  return loadUtf8(bytes, 0, bytes.length)
}
