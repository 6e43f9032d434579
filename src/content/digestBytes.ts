import { digest } from '#codecs'

/** The MD5 or SHA-1 digest of bytes in lower-case hex, also of none. */
export function digestBytes(algorithm: 'md5' | 'sha1', bytes: Uint8Array): string {
  return digest(algorithm, bytes)
}
