// GameMaker's buffer functions that save and load files while the game waits. A relative path begins at the working
// directory; both kinds of slashes are taken. Browsers have no files, so all of these throw an `Error` there.
//
// A file has its old content or the new one at every moment, also when a save fails or the program is killed. A save first
// does those of `buffer_save_async` that its file still waits for, so the last call wins; a load does not.

import { loadBufferNow } from '../../content/loadBuffer.ts'
import { loadBufferIntoNow } from '../../content/loadBufferInto.ts'
import { saveBufferNow } from '../../content/saveBuffer.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import {
  filePath,
  knownBuffer,
  nothingOr,
  rangeOf,
  unknownBuffer,
  wholeNumber,
} from './bufferArguments.ts'
import { addBufferOr } from './bufferHandles.ts'

/** There is no such file, or it cannot be read or written. */
const failure = -1

/**
 * Saves all allocated bytes of a buffer as a file, in place of one that is there. Folders are made. Saves of the file that
 * `buffer_save_async` was asked for before are done first. If it fails, the file stays as it was.
 *
 * @returns nothing; -1 if the file cannot be written; -5 for an unknown buffer with the setting `unknown_buffer` =
 * `'result'`
 * @throws RangeError for an unknown buffer; TypeError for a name that is no string; Error in browsers
 */
export function buffer_save(buffer: GmlNumber, filename: string): number | undefined {
  const where = 'buffer_save'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  const path = filePath(where, filename)
  return path === '' ? failure : nothingOr(saveBufferNow(where, found, path))
}

/**
 * Saves a range of a buffer as a file, in place of one that is there, as `buffer_save` does with the whole.
 *
 * @param offset bytes from the start, brought inside
 * @param size bytes, brought inside; negative for all the rest. A wrap buffer goes on at its start
 * @returns nothing; -1 if the file cannot be written; -5 for an unknown buffer with the setting `unknown_buffer` =
 * `'result'`
 * @throws RangeError for an unknown buffer, and for an offset or a size that is not finite; TypeError for a name that is no
 * string; Error in browsers
 */
export function buffer_save_ext(
  buffer: GmlNumber,
  filename: string,
  offset: GmlNumber,
  size: GmlNumber,
): number | undefined {
  const where = 'buffer_save_ext'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  const path = filePath(where, filename)
  const range = rangeOf(where, found, offset, size)
  return path === '' ? failure : nothingOr(saveBufferNow(where, found, path, ...range))
}

/**
 * Loads a file into a new grow buffer of alignment 1, as large as the file, all of it used, at position 0.
 *
 * @returns the handle of the new buffer, which is yours to delete; -1 if the file cannot be read
 * @throws TypeError for a name that is no string; Error in browsers
 */
export function buffer_load(filename: string): number {
  const where = 'buffer_load'
  const path = filePath(where, filename)
  return path === '' ? failure : addBufferOr(loadBufferNow(where, path))
}

/**
 * Loads a file into a buffer. A grow buffer becomes exactly as large as the bytes need, a wrap buffer goes on at its start,
 * the other kinds take what fits. The position stays, the used size rises to the end of what was loaded.
 *
 * @param offset bytes from the start of the buffer
 * @returns nothing. If nothing was loaded, -1 if the file cannot be read, `buffer_error_out_of_space` if nothing fits; -5
 * for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer and an offset that is not finite; TypeError for a name that is no string; Error
 * in browsers
 */
export function buffer_load_ext(
  buffer: GmlNumber,
  filename: string,
  offset: GmlNumber,
): number | undefined {
  const where = 'buffer_load_ext'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  const path = filePath(where, filename)
  const to = wholeNumber(where, 'offset', offset)
  return path === '' ? failure : nothingOr(loadBufferIntoNow(where, found, path, 0, -1, to))
}

/**
 * Loads a part of a file into a buffer, as `buffer_load_ext` does with the whole.
 *
 * @param offset bytes from the start of the file; behind its end nothing is loaded
 * @param src_len the most bytes to load, negative for all the rest
 * @param dest_offset bytes from the start of the buffer
 * @returns nothing. If nothing was loaded, -1 if the file cannot be read, `buffer_error_out_of_space` if nothing fits; -5
 * for an unknown buffer with the setting `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer and a number that is not finite; TypeError for a name that is no string; Error
 * in browsers
 */
export function buffer_load_partial(
  buffer: GmlNumber,
  filename: string,
  offset: GmlNumber,
  src_len: GmlNumber,
  dest_offset: GmlNumber,
): number | undefined {
  const where = 'buffer_load_partial'
  const found = knownBuffer(where, buffer)
  if (found === undefined) return unknownBuffer
  const path = filePath(where, filename)
  const from = wholeNumber(where, 'offset', offset)
  const count = wholeNumber(where, 'src_len', src_len)
  const to = wholeNumber(where, 'dest_offset', dest_offset)
  return path === '' ? failure : nothingOr(loadBufferIntoNow(where, found, path, from, count, to))
}
