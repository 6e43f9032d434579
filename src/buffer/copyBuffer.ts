import { BufferError } from '../constants/BufferError.ts'
import { copyItems, hasRoom } from './copyItems.ts'
import { cutFraction } from './cutFraction.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { isRing, modulo, rangeIn } from './position.ts'
import { bufferSizeMax } from './reallocate.ts'

/**
 * Copies `size` bytes from one buffer into another. No position moves; the destination's used size rises
 * to the end of the copy. Gives 0, or a negative `BufferError` when nothing was copied.
 *
 * The source range is brought inside: the offset into 0..size - 1, the length to the rest, a negative
 * length means all; a wrap source continues at its start. A grow destination becomes exactly as large as
 * the copy needs, a wrap destination continues at its start, the other kinds take what fits
 * (`outOfSpace` when nothing does). A negative destination offset counts as 0, modulo the size in a wrap
 * kind. Copying a buffer onto itself changes nothing and gives `general`.
 *
 * Throws a `TypeError` or `RangeError` for a number that is not finite, a `FreedError` for a freed buffer.
 * GameMaker: `buffer_copy`.
 */
export function copyBuffer(
  source: NetworkBuffer,
  sourceOffset: number,
  size: number,
  destination: NetworkBuffer,
  destinationOffset: number,
): 0 | BufferError {
  const where = 'copyBuffer'
  liveMemory(where, source)
  const memory = liveMemory(where, destination)
  const offset = cutFraction(where, 'sourceOffset', sourceOffset, source)
  const wanted = cutFraction(where, 'size', size, source)
  const target = cutFraction(where, 'destinationOffset', destinationOffset)
  if (source === destination) return BufferError.general
  if (source.size === 0) return 0
  let { from, count } = rangeIn(source, offset, wanted)
  if (count === 0) return 0
  destination.isReceived ||= source.isReceived
  let to = Math.max(target, 0)
  const end = to + count
  if (isRing(destination)) {
    // Of more than one round the last bytes remain.
    const skipped = Math.max(0, Math.min(count, bufferSizeMax) - destination.size)
    from += skipped
    to = modulo(target, destination.size) + skipped
    count = Math.min(count, destination.size)
  }
  if (!hasRoom(destination, memory, to, end)) return BufferError.outOfSpace
  copyItems(
    where,
    source,
    { first: from, stride: 0 },
    destination,
    { first: to, stride: 0 },
    count,
    1,
  )
  return 0
}
