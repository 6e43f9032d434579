// GameMaker's buffer functions by which buffers come and go.

import { buffer_fixed, buffer_vbuffer } from '../constants.ts'
import { type GmlNumber } from '../GmlNumber.ts'
import { type GmlValue } from '../GmlValue.ts'
import { handleNumber } from '../handles.ts'
import { settings } from '../settings.ts'
import {
  bufferSize,
  integerIn,
  knownBuffer,
  unknownBuffer,
  wholeNumber,
} from './bufferArguments.ts'
import { addBuffer, findBuffer, removeBuffer } from './bufferHandles.ts'
import { createBufferOf } from './bufferKinds.ts'

/**
 * Makes a buffer of zero bytes at position 0, which lives until `buffer_delete`.
 *
 * @param size bytes, 0..2147483647; a fraction is cut
 * @param type `buffer_fixed`, `buffer_grow`, `buffer_wrap`, `buffer_fast`, or `buffer_vbuffer`, which acts as `buffer_fixed`
 * @param alignment every read and write begins at a multiple of it; brought into 1..1024 and up to a power of two
 * @returns its handle, which may be 0 and is never given again
 * @throws TypeError or RangeError for other arguments
 */
export function buffer_create(size: GmlNumber, type: GmlNumber, alignment: GmlNumber): number {
  const where = 'buffer_create'
  const bytes = bufferSize(where, 'size', size)
  const kind = integerIn(where, 'type', type, buffer_fixed, buffer_vbuffer)
  return addBuffer(createBufferOf(kind, bytes, wholeNumber(where, 'alignment', alignment)))
}

/**
 * Frees a buffer and its handle. A data event's buffer is freed when the event ends, or earlier by this.
 *
 * @returns nothing, or 0 with the setting `results` = `'html5'`; -5 for an unknown buffer with the setting
 * `unknown_buffer` = `'result'`
 * @throws RangeError for an unknown buffer
 */
export function buffer_delete(buffer: GmlNumber): number | undefined {
  const where = 'buffer_delete'
  if (knownBuffer(where, buffer) === undefined) return unknownBuffer
  removeBuffer(handleNumber(where, 'buffer', buffer))
  return settings.results === 'html5' ? 0 : undefined
}

/**
 * Whether a handle is that of a buffer. A data event's buffer exists while the event runs.
 *
 * @returns true or false; 1 or 0 with the setting `results` = `'html5'`
 * @throws TypeError for what does not stand for a number
 */
export function buffer_exists(buffer: GmlNumber): GmlValue {
  const exists = findBuffer('buffer_exists', buffer) !== undefined
  if (settings.results === 'manual') return exists
  return exists ? 1 : 0
}
