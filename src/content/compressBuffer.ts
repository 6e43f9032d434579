import { deflate, inflate } from '#codecs'
import { liveMemory, type NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { bufferSizeMax } from '../buffer/reallocate.ts'
import { BufferError } from '../constants/BufferError.ts'
import { BufferKind } from '../constants/BufferKind.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { bufferOver } from './bufferOver.ts'
import { contentRange } from './contentRange.ts'

/**
 * Compresses a range of a buffer into a new one that holds a zlib stream (RFC 1950): kind fixed,
 * alignment 1, as large as the stream, all of it used. No bytes to compress give `BufferError.general`.
 * The stream's bytes differ between platforms and versions; all of them decompress to the same.
 *
 * The offset is brought inside the buffer and the size into the rest; a negative size means all the rest.
 * Wrap kinds take the offset modulo their size and continue at the start. Throws a `TypeError` or
 * `RangeError` for what is no finite number, a `FreedError` for a freed buffer. GameMaker:
 * `buffer_compress`.
 */
export function compressBuffer(
  buffer: NetworkBuffer,
  offset: number = 0,
  size: number = -1,
): NetworkBuffer | BufferError {
  const bytes = contentRange('compressBuffer', buffer, offset, size)
  if (bytes === undefined || bytes.length === 0) return BufferError.general
  return bufferOver(deflate(bytes), BufferKind.fixed)
}

/** 64 MiB. */
const bytesMaxDefault = 64 * 1024 * 1024

/**
 * Decompresses the zlib stream (RFC 1950) that a buffer begins with into a new buffer: kind fixed,
 * alignment 1, as large as what was decompressed, all of it used. Bytes from the used size on are not
 * looked at, and those behind the end of the stream are ignored.
 *
 * What is not a valid and complete stream, its checksum included, gives `BufferError.general`, and so does
 * one that would become larger than `bytesMax` bytes (1..2147483647, 64 MiB if not given). A stream can
 * become a thousand times larger; up to twice `bytesMax` is allocated on the way, whatever it claims to
 * be. Throws a `TypeError` or `RangeError` for a wrong `bytesMax`, a `FreedError` for a freed buffer.
 * GameMaker: `buffer_decompress`.
 */
export function decompressBuffer(
  buffer: NetworkBuffer,
  bytesMax: number = bytesMaxDefault,
): NetworkBuffer | BufferError {
  const memory = liveMemory('decompressBuffer', buffer)
  checkInteger('decompressBuffer', 'bytesMax', bytesMax, 1, bufferSizeMax)
  const { start, used } = buffer
  const bytes = inflate(memory.bytes.subarray(start, start + used), bytesMax)
  if (bytes === undefined) return BufferError.general
  const decompressed = bufferOver(bytes, BufferKind.fixed)
  decompressed.isReceived = buffer.isReceived
  return decompressed
}
