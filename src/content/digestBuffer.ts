import { digest } from '#codecs'
import { type NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { contentRange } from './contentRange.ts'

/**
 * The MD5 or SHA-1 digest of a range of a buffer in lower-case hex, 32 or 40 digits; `undefined` for an
 * empty buffer. Both tell whether content has changed by accident; neither protects against somebody who
 * changes it on purpose.
 *
 * The offset is brought inside the buffer and the size into the rest; a negative size means all the rest.
 * Wrap kinds take the offset modulo their size and continue at the start. Throws a `TypeError` for another
 * algorithm, a `TypeError` or `RangeError` for what is no finite number, a `FreedError` for a freed
 * buffer. GameMaker: `buffer_md5`, `buffer_sha1`.
 */
export function digestBuffer(
  buffer: NetworkBuffer,
  algorithm: 'md5' | 'sha1',
  offset: number = 0,
  size: number = -1,
): string | undefined {
  if (algorithm !== 'md5' && algorithm !== 'sha1')
    throw wrongType('digestBuffer', 'algorithm', "'md5' or 'sha1'", algorithm)
  const bytes = contentRange('digestBuffer', buffer, offset, size)
  return bytes === undefined ? undefined : digest(algorithm, bytes)
}
