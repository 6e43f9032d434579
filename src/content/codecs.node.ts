// Digests and zlib of Node. package.json's "imports" chooses between this file and codecs.browser.ts, which must
// give the same results.
import { createHash } from 'node:crypto'
import { deflateSync, inflateSync } from 'node:zlib'

/** The digest of bytes in lower-case hex. */
export function digest(algorithm: 'md5' | 'sha1', bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest('hex')
}

/** A zlib stream (RFC 1950) of the bytes. */
export function deflate(bytes: Uint8Array): Uint8Array {
  return plain(deflateSync(bytes))
}

/**
 * What the zlib stream at the start of the bytes holds; `undefined` when it is not valid, not complete or
 * would become larger than `bytesMax` bytes. What stands behind the stream is ignored.
 */
export function inflate(bytes: Uint8Array, bytesMax: number): Uint8Array | undefined {
  try {
    return plain(inflateSync(bytes, { maxOutputLength: bytesMax }))
  } catch {
    return undefined
  }
}

/** The same bytes as no more than a `Uint8Array`: the `slice` of Node's own class copies nothing. */
function plain({ buffer, byteOffset, length }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length)
}
