import { type NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { crc32 } from '../buffer/crc32.ts'
import { contentRange } from './contentRange.ts'

/**
 * GameMaker's checksum of a range of a buffer, 0..4294967295; `undefined` for an empty buffer. It is the
 * CRC-32 of zip and PNG with all its bits the other way round: `~checksum >>> 0` is the usual one. No
 * bytes give 4294967295.
 *
 * The offset is brought inside the buffer and the size into the rest; a negative size means all the rest.
 * Wrap kinds take the offset modulo their size and continue at the start. Throws a `TypeError` or
 * `RangeError` for what is no finite number, a `FreedError` for a freed buffer. GameMaker:
 * `buffer_crc32`.
 */
export function checksumBuffer(
  buffer: NetworkBuffer,
  offset: number = 0,
  size: number = -1,
): number | undefined {
  const bytes = contentRange('checksumBuffer', buffer, offset, size)
  return bytes === undefined ? undefined : ~crc32(0, bytes, 0) >>> 0
}
