// Digests and zlib where the platform has none that are synchronous. package.json's "imports" chooses between this
// file and codecs.node.ts, which must give the same results.
import { md5, sha1 } from '@noble/hashes/legacy.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { deflate as deflateZlib, Inflate } from 'pako'

/** The digest of bytes in lower-case hex. */
export function digest(algorithm: 'md5' | 'sha1', bytes: Uint8Array): string {
  return bytesToHex(algorithm === 'md5' ? md5(bytes) : sha1(bytes))
}

/** A zlib stream (RFC 1950) of the bytes. */
export function deflate(bytes: Uint8Array): Uint8Array {
  return deflateZlib(bytes)
}

/**
 * What the zlib stream at the start of the bytes holds; `undefined` when it is not valid, not complete or
 * would become larger than `bytesMax` bytes. What stands behind the stream is ignored.
 */
export function inflate(bytes: Uint8Array, bytesMax: number): Uint8Array | undefined {
  const pieces: Uint8Array[] = []
  let size = 0
  // Without the window size the library would take gzip too.
  const stream = new Inflate({ windowBits: 15 })
  stream.onData = (piece) => {
    size += piece.length
    if (size > bytesMax) throw new RangeError('larger than allowed')
    pieces.push(piece)
  }
  try {
    if (!stream.push(bytes, true)) return undefined
  } catch {
    return undefined
  }
  return joined(pieces, size)
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
