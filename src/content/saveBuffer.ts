import { writeFileBytes, writeFileBytesNow } from '#files'
import { type NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { BufferError } from '../constants/BufferError.ts'
import { noBytes } from '../constants/noBytes.ts'
import { checkPath } from './checkPath.ts'
import { contentRange } from './contentRange.ts'

/**
 * Saves a range of a buffer as a file, in place of one that is there, and makes the folders it lies in.
 * The bytes are taken at once: the buffer may change or be freed right after the call. Resolves to 0 when the
 * file has this content, flushed to its disk, or to `BufferError.general` when it could not be written. An
 * empty buffer makes an empty file.
 *
 * The file has its old content or the new one at every moment, also when the save fails or the process is killed: a
 * temporary file beside it is written and renamed. Mode, owner and links stay. Saves of one file are done in the order of
 * the calls, so the last call wins. A load during a save gets either content, whole. Two cases are written in place, without
 * these promises: a device or a pipe, and a file that can be written but not replaced, since its folder takes no other file.
 *
 * The offset is brought inside the buffer and the size into the rest; a negative size means all the rest.
 * Wrap kinds take the offset modulo their size and continue at the start. Throws at once, not through the
 * promise: a `TypeError` for what is no path, a `TypeError` or `RangeError` for what is no finite number,
 * a `FreedError` for a freed buffer, an `Error` in browsers, which have no files. GameMaker:
 * `buffer_save`, `buffer_save_ext`, `buffer_save_async`.
 */
export function saveBuffer(
  buffer: NetworkBuffer,
  path: string,
  offset: number = 0,
  size: number = -1,
): Promise<0 | BufferError> {
  const bytes = savedBytes('saveBuffer', buffer, path, offset, size)
  return writeFileBytes(path, new Uint8Array(bytes)).then(result)
}

/**
 * As `saveBuffer`, but done when it returns, and before it the saves of the file that are not done. `where` names the
 * function that was called.
 */
export function saveBufferNow(
  where: string,
  buffer: NetworkBuffer,
  path: string,
  offset: number = 0,
  size: number = -1,
): 0 | BufferError {
  return result(writeFileBytesNow(path, savedBytes(where, buffer, path, offset, size)))
}

function savedBytes(
  where: string,
  buffer: NetworkBuffer,
  path: string,
  offset: number,
  size: number,
): Uint8Array {
  const bytes = contentRange(where, buffer, offset, size)
  checkPath(where, path)
  return bytes ?? noBytes
}

function result(written: boolean): 0 | BufferError {
  return written ? 0 : BufferError.general
}
