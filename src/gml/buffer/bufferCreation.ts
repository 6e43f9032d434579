// GameMaker's buffer functions by which buffers come and go.

import { createBuffer } from '../../buffer/createBuffer.ts'
import { cutFraction } from '../../buffer/cutFraction.ts'
import { BufferKind } from '../../constants/BufferKind.ts'
import { checkInteger } from '../../errors/argumentErrors.ts'
import { type GmlValue } from '../GmlValue.ts'
import { settings } from '../settings.ts'
import { bufferSize, knownBuffer, unknownBuffer } from './bufferArguments.ts'
import { addBuffer, findBuffer, removeBuffer } from './bufferHandles.ts'

/**
 * Makes a buffer of zero bytes at position 0, which lives until `buffer_delete`.
 *
 * @param size bytes, 0..2147483647; a fraction is cut
 * @param type `buffer_fixed`, `buffer_grow`, `buffer_wrap` or `buffer_fast`. `buffer_vbuffer` is refused: GameMaker has the
 * number, but makes nothing of it
 * @param alignment every read and write begins at a multiple of it; brought into 1..1024 and up to a power of two
 * @returns its handle, which may be 0 and is never given again
 * @throws TypeError or RangeError for other arguments
 */
export function buffer_create(size: number, type: number, alignment: number): number {
  const where = 'buffer_create'
  const bytes = bufferSize(where, 'size', size)
  checkInteger(where, 'type', type, BufferKind.fixed, BufferKind.fast)
  return addBuffer(
    createBuffer(bytes, type as BufferKind, cutFraction(where, 'alignment', alignment)),
  )
}

/**
 * Frees a buffer and its handle. A data event's buffer is freed when the event ends, or earlier by this.
 *
 * @returns nothing, or 0 with the setting `results` = `'html5'`; -5 for an unknown buffer with the setting
 * `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer
 */
export function buffer_delete(buffer: number): number | undefined {
  if (knownBuffer('buffer_delete', buffer) === undefined) return unknownBuffer
  removeBuffer(buffer)
  return settings.results === 'html5' ? 0 : undefined
}

/**
 * Whether a handle is that of a buffer. A data event's buffer exists while the event runs.
 *
 * @returns true or false; 1 or 0 with the setting `results` = `'html5'`
 * @throws TypeError for what is no number
 */
export function buffer_exists(buffer: number): GmlValue {
  const exists = findBuffer('buffer_exists', buffer) !== undefined
  if (settings.results === 'manual') return exists
  return exists ? 1 : 0
}
