import { BufferError } from '../constants/BufferError.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { copyItems, hasRoom, type Items, placeIn } from './copyItems.ts'
import { cutFraction } from './cutFraction.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { modulo } from './position.ts'
import { bufferSizeMax } from './reallocate.ts'

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
  const end = to.first + Math.max(0, to.stride * (items - 1)) + bytes
  if (!hasRoom(destination, memory, to.first, end)) return BufferError.outOfSpace
  destination.isReceived ||= source.isReceived
  copyItems(where, source, from, destination, to, bytes, items)
  return 0
}

function fromEitherEnd({ size }: NetworkBuffer, offset: number): number {
  return offset < 0 && size > 0 ? modulo(offset, size) : Math.max(offset, 0)
}
