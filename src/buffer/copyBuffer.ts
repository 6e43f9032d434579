import { BufferError } from '../constants/BufferError.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { cutFraction } from './cutFraction.ts'
import { liveMemory, type NetworkBuffer } from './NetworkBuffer.ts'
import { markUsed, modulo, rangeIn } from './position.ts'
import { bufferSizeMax, reallocate } from './reallocate.ts'

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
  liveMemory('copyBuffer', source)
  liveMemory('copyBuffer', destination)
  const offset = cutFraction('copyBuffer', 'sourceOffset', sourceOffset, source)
  const wanted = cutFraction('copyBuffer', 'size', size, source)
  const target = cutFraction('copyBuffer', 'destinationOffset', destinationOffset)
  if (source === destination) return BufferError.general
  if (source.size === 0) return 0
  const { from, count } = rangeIn(source, offset, wanted)
  if (count === 0) return 0
  destination.isReceived ||= source.isReceived
  return copyInto(source, from, count, destination, target)
}

/** Fits a copy of at least one byte into the destination. */
function copyInto(
  source: NetworkBuffer,
  from: number,
  count: number,
  destination: NetworkBuffer,
  target: number,
): 0 | BufferError {
  const { kind, size } = destination
  if (kind === BufferKind.wrap && size > 0) {
    // Of more than one round the last bytes remain.
    const skipped = Math.max(0, Math.min(count, bufferSizeMax) - size)
    const to = modulo(target, size) + skipped
    const rest = Math.min(count, size)
    copyPieces(source, from + skipped, destination, to, rest)
    markUsed(destination, to + rest)
    return 0
  }
  const to = Math.max(target, 0)
  let fitting = count
  if (kind === BufferKind.grow) {
    if (to + count > bufferSizeMax) return BufferError.outOfSpace
    if (to + count > size)
      reallocate(destination, liveMemory('copyBuffer', destination), to + count)
  } else fitting = Math.min(count, size - to)
  if (fitting <= 0) return BufferError.outOfSpace
  copyPieces(source, from, destination, to, fitting)
  markUsed(destination, to + fitting)
  return 0
}

/** Copies in as many pieces as the ends of wrap kinds make. */
function copyPieces(
  source: NetworkBuffer,
  from: number,
  destination: NetworkBuffer,
  to: number,
  count: number,
): void {
  const read = liveMemory('copyBuffer', source).bytes
  const written = liveMemory('copyBuffer', destination).bytes
  for (let done = 0; done < count;) {
    const at = (from + done) % source.size
    const into = (to + done) % destination.size
    const piece = Math.min(count - done, source.size - at, destination.size - into)
    const begin = source.start + at
    written.set(read.subarray(begin, begin + piece), destination.start + into)
    done += piece
  }
}
