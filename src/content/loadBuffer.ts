import { readFileBytes, readFileBytesNow } from '#files'
import { type NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { bufferSizeMax } from '../buffer/reallocate.ts'
import { BufferError } from '../constants/BufferError.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { bufferOver } from './bufferOver.ts'
import { checkPath } from './checkPath.ts'

/**
 * Loads a file into a new buffer: kind grow, alignment 1, as large as the file, all of it used. Resolves
 * to the buffer, or to `BufferError.general` when there is no such file, it cannot be read, or it has more
 * than `bytesMax` bytes (0..2147483647, which is the default). During a save of the file it gets the old
 * content or the new one, whole.
 *
 * Throws at once, not through the promise: a `TypeError` for what is no path, a `TypeError` or
 * `RangeError` for a wrong `bytesMax`, an `Error` in browsers, which have no files. GameMaker:
 * `buffer_load`.
 */
export function loadBuffer(
  path: string,
  bytesMax: number = bufferSizeMax,
): Promise<NetworkBuffer | BufferError> {
  checkInteger('loadBuffer', 'bytesMax', bytesMax, 0, bufferSizeMax)
  checkPath('loadBuffer', path)
  return readFileBytes(path, bytesMax).then(result)
}

/** As `loadBuffer`, but done when it returns. `where` names the function that was called. */
export function loadBufferNow(where: string, path: string): NetworkBuffer | BufferError {
  checkPath(where, path)
  return result(readFileBytesNow(path))
}

function result(bytes: Uint8Array | undefined): NetworkBuffer | BufferError {
  return bytes === undefined ? BufferError.general : bufferOver(bytes, BufferKind.grow)
}
