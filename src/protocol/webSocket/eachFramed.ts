import { frameEnd, frameStart } from './frameHeader.ts'
import { ownBytes } from '../ownBytes.ts'

/** Emits the message of each frame in `bytes`, where they stand back to back. */
export function eachFramed(bytes: Uint8Array, emit: (message: Uint8Array) => void): void {
  for (let at = 0, next; at < bytes.length; at = next) {
    const start = frameStart(bytes, at)
    next = frameEnd(bytes, at, start)
    emit(ownBytes(bytes, start, next))
  }
}
