import { BufferKind } from '../constants/BufferKind.ts'
import { type BufferMemory } from './BufferMemory.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { isRing, markUsed, modulo } from './position.ts'
import { bufferSizeMax, reallocate } from './reallocate.ts'

/** Where the items of one buffer stand: the first one, and how far it is from each to the next. */
export interface Items {
  readonly first: number
  readonly stride: number
}

/** Whether a copy to `at` has room for its first byte, after a grow buffer was made as large as one up to `end` needs. */
export function hasRoom(
  buffer: NetworkBuffer,
  memory: BufferMemory,
  at: number,
  end: number,
): boolean {
  if (buffer.kind === BufferKind.grow && end > buffer.size) {
    if (end > bufferSizeMax) return false
    reallocate(buffer, memory, end)
  }
  return placeIn(buffer, at) >= 0
}

/**
 * Copies items of a buffer into another until one leaves its buffer, in as many pieces as the ends of wrap kinds make. The
 * destination's used size rises to the end of the highest byte written.
 */
export function copyItems(
  where: string,
  source: NetworkBuffer,
  from: Items,
  destination: NetworkBuffer,
  to: Items,
  itemSize: number,
  count: number,
): void {
  const read = liveMemory(where, source).bytes
  const written = liveMemory(where, destination).bytes
  for (let item = 0; item < count; item++)
    for (let done = 0; done < itemSize;) {
      const at = placeIn(source, from.first + item * from.stride + done)
      const into = placeIn(destination, to.first + item * to.stride + done)
      if (at < 0 || into < 0) return
      // As far as both ends are away.
      const piece = Math.min(itemSize - done, source.size - at, destination.size - into)
      const begin = source.start + at
      written.set(read.subarray(begin, begin + piece), destination.start + into)
      markUsed(destination, into + piece)
      done += piece
    }
}

/** Where the byte at an offset stands, on a ring in wrap kinds; -1 when it lies outside. */
export function placeIn(buffer: NetworkBuffer, offset: number): number {
  const { size } = buffer
  if (offset >= 0 && offset < size) return offset
  return isRing(buffer) ? modulo(offset, size) : -1
}
