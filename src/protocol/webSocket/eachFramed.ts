import { frameEnd, frameStart } from './messageRun.ts'
import { ownBytes } from './ownBytes.ts'

/** Emits the message of each frame in `bytes[at..end)`, where they stand back to back. */
export function eachFramed(
  bytes: Uint8Array,
  at: number,
  end: number,
  emit: (message: Uint8Array) => void,
): void {
  for (let next; at < end; at = next) {
    const start = frameStart(bytes, at)
    next = frameEnd(bytes, at, start)
    emit(ownBytes(bytes, start, next))
  }
}
