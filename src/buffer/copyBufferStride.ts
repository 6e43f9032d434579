import { BufferError } from '../constants/BufferError.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { cutFraction } from './cutFraction.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { markUsed, modulo } from './position.ts'
import { bufferSizeMax, reallocate } from './reallocate.ts'

/** Where the items of one buffer stand: the first one, and how far it is from each to the next. */
interface Items {
  readonly first: number
  readonly stride: number
}

/**
 * Copies `count` items of `itemSize` bytes that stand `sourceStride` bytes apart, and puts them down
 * `destinationStride` bytes apart. No position moves; the destination's used size rises to the end of the
 * highest byte copied. Gives 0, or a negative `BufferError` when nothing was copied though there was
 * something to copy: `general` for a buffer onto itself, `outOfSpace` when the first byte has no room, or
 * when all items together are larger than a buffer can be.
 *
 * Strides may be 0 or negative. A negative offset counts from the end of its buffer. A grow destination
 * becomes exactly as large as the item that reaches highest needs. Wrap kinds continue at their other end;
 * with all other kinds copying stops at the first byte that lies outside, in the source or in the
 * destination.
 *
 * Throws a `RangeError` when the size of an item or the count is not in 0..2147483647, a `TypeError` or
 * `RangeError` for a number that is not finite, a `FreedError` for a freed buffer. Fractions are cut.
 * GameMaker: `buffer_copy_stride`.
 */
export function copyBufferStride(
  source: NetworkBuffer,
  sourceOffset: number,
  itemSize: number,
  sourceStride: number,
  count: number,
  destination: NetworkBuffer,
  destinationOffset: number,
  destinationStride: number,
): 0 | BufferError {
  const where = 'copyBufferStride'
  liveMemory(where, source)
  const memory = liveMemory(where, destination)
  const bytes = cutFraction(where, 'itemSize', itemSize, source)
  checkInteger(where, 'itemSize', bytes, 0, bufferSizeMax)
  const items = cutFraction(where, 'count', count, source)
  checkInteger(where, 'count', items, 0, bufferSizeMax)
  const from: Items = {
    first: fromEitherEnd(source, cutFraction(where, 'sourceOffset', sourceOffset, source)),
    stride: cutFraction(where, 'sourceStride', sourceStride, source),
  }
  const to: Items = {
    first: fromEitherEnd(destination, cutFraction(where, 'destinationOffset', destinationOffset)),
    stride: cutFraction(where, 'destinationStride', destinationStride),
  }
  if (source === destination) return BufferError.general
  if (bytes === 0 || items === 0 || placeIn(source, from.first) < 0) return 0
  if (bytes * items > bufferSizeMax) return BufferError.outOfSpace
  if (destination.kind === BufferKind.grow) {
    const end = to.first + Math.max(0, to.stride * (items - 1)) + bytes
    if (end > bufferSizeMax) return BufferError.outOfSpace
    if (end > destination.size) reallocate(destination, memory, end)
  }
  if (placeIn(destination, to.first) < 0) return BufferError.outOfSpace
  destination.isReceived ||= source.isReceived
  markUsed(destination, copyItems(source, from, destination, to, bytes, items))
  return 0
}

/** Copies until an item leaves a buffer. Gives the end of the highest byte written. */
function copyItems(
  source: NetworkBuffer,
  from: Items,
  destination: NetworkBuffer,
  to: Items,
  itemSize: number,
  count: number,
): number {
  const read = liveMemory('copyBufferStride', source).bytes
  const written = liveMemory('copyBufferStride', destination).bytes
  let end = 0
  for (let item = 0; item < count; item++)
    for (let done = 0; done < itemSize;) {
      const at = placeIn(source, from.first + item * from.stride + done)
      const into = placeIn(destination, to.first + item * to.stride + done)
      if (at < 0 || into < 0) return end
      // As far as both ends are away.
      const piece = Math.min(itemSize - done, source.size - at, destination.size - into)
      const begin = source.start + at
      written.set(read.subarray(begin, begin + piece), destination.start + into)
      end = Math.max(end, into + piece)
      done += piece
    }
  return end
}

function fromEitherEnd({ size }: NetworkBuffer, offset: number): number {
  return offset < 0 && size > 0 ? modulo(offset, size) : Math.max(offset, 0)
}

/** Where the byte at an offset stands, on a ring in wrap kinds; -1 when it lies outside. */
function placeIn({ kind, size }: NetworkBuffer, offset: number): number {
  if (offset >= 0 && offset < size) return offset
  return kind === BufferKind.wrap && size > 0 ? modulo(offset, size) : -1
}
