import { endOfFrame } from './frameHeader.ts'

/**
 * Where to cut frames that stand back to back, so that another frame can go between them.
 *
 * @param bytesMax at least as much as each frame has
 * @returns the end of the last frame that ends within the first `bytesMax` bytes
 */
export function endOfSlice(bytes: Uint8Array, bytesMax: number): number {
  if (bytes.length <= bytesMax) return bytes.length
  let end = 0
  for (let next = endOfFrame(bytes, 0); next <= bytesMax; next = endOfFrame(bytes, next)) end = next
  return end === 0 ? bytes.length : end
}
