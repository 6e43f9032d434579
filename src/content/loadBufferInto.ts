import { readFileBytes, readFileBytesNow } from '#files'
import { copyBuffer } from '../buffer/copyBuffer.ts'
import { cutFraction } from '../buffer/cutFraction.ts'
import { liveMemory, type NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { BufferError } from '../constants/BufferError.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { bufferOver } from './bufferOver.ts'
import { checkPath } from './checkPath.ts'

/**
 * Loads a part of a file into a buffer: `size` bytes, or what the file has of them, from `sourceOffset` in
 * the file to `destinationOffset` in the buffer. Nothing of the buffer changes before the promise
 * resolves. The position stays, the used size rises to the end of what was loaded. Resolves to 0, or to a
 * negative `BufferError` when nothing was loaded: `general` for a file that is not there or cannot be
 * read, and for a buffer that was freed meanwhile; `outOfSpace` when the buffer has no room at the offset.
 *
 * A negative size means all the rest of the file, a negative source offset counts as 0, and one behind the
 * end of the file loads nothing. The destination takes the bytes as in `copyBuffer`: a grow kind becomes
 * exactly as large as they need, a wrap kind continues at its start, the others take what fits.
 *
 * Throws at once, not through the promise: a `TypeError` for what is no path, a `TypeError` or
 * `RangeError` for what is no finite number, a `FreedError` for a freed buffer, an `Error` in browsers,
 * which have no files. GameMaker: `buffer_load_ext`, `buffer_load_partial`, `buffer_load_async`.
 */
export function loadBufferInto(
  buffer: NetworkBuffer,
  path: string,
  sourceOffset: number = 0,
  size: number = -1,
  destinationOffset: number = 0,
): Promise<0 | BufferError> {
  checkArguments('loadBufferInto', buffer, path, sourceOffset, size, destinationOffset)
  return readFileBytes(path).then((bytes) =>
    bytes === undefined
      ? BufferError.general
      : storeIntoBuffer(buffer, bytes, sourceOffset, size, destinationOffset),
  )
}

/** As `loadBufferInto`, but done when it returns. `where` names the function that was called. */
export function loadBufferIntoNow(
  where: string,
  buffer: NetworkBuffer,
  path: string,
  sourceOffset: number,
  size: number,
  destinationOffset: number,
): 0 | BufferError {
  checkArguments(where, buffer, path, sourceOffset, size, destinationOffset)
  const bytes = readFileBytesNow(path)
  return bytes === undefined
    ? BufferError.general
    : storeIntoBuffer(buffer, bytes, sourceOffset, size, destinationOffset)
}

/**
 * Puts the bytes of a file into a buffer by the rules of `loadBufferInto`, which this is the second half
 * of. The numbers must be finite. Gives 0, or a negative `BufferError` when nothing was stored: `general`
 * for a buffer that is freed by now, `outOfSpace` when it has no room at the offset.
 */
export function storeIntoBuffer(
  buffer: NetworkBuffer,
  bytes: Uint8Array,
  sourceOffset: number,
  size: number,
  destinationOffset: number,
): 0 | BufferError {
  if (buffer.memory === undefined) return BufferError.general
  // Copying between buffers takes the last byte instead.
  if (sourceOffset >= bytes.length) return 0
  const file = bufferOver(bytes, BufferKind.fixed)
  return copyBuffer(file, sourceOffset, size, buffer, destinationOffset)
}

function checkArguments(
  where: string,
  buffer: NetworkBuffer,
  path: string,
  sourceOffset: number,
  size: number,
  destinationOffset: number,
): void {
  liveMemory(where, buffer)
  cutFraction(where, 'sourceOffset', sourceOffset)
  cutFraction(where, 'size', size)
  cutFraction(where, 'destinationOffset', destinationOffset)
  checkPath(where, path)
}
