import { storeUtf8, utf8Size } from '../buffer/utf8.ts'

/** FNV-1a, 64 bits, over a text in UTF-8. */
export function hashText(text: string): bigint {
  const bytes = new Uint8Array(utf8Size(text))
  storeUtf8(bytes, 0, text, bytes.length)
  let hash = 0xcbf29ce484222325n
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash
}
