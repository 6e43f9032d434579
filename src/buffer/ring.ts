import { type BufferMemory } from './BufferMemory.ts'
import { type NetworkBuffer } from './NetworkBuffer.ts'

// Bytes that continue at the start of a buffer when they reach its end. The buffer must not be empty.

/** Stores bytes from `at` on. Of more than one round the last bytes remain. */
export function storeAround(
  buffer: NetworkBuffer,
  memory: BufferMemory,
  at: number,
  data: Uint8Array,
): void {
  const { start, size } = buffer
  const skipped = Math.max(0, data.length - size)
  const from = (at + skipped) % size
  const edge = skipped + size - from
  memory.bytes.set(data.subarray(skipped, edge), start + from)
  memory.bytes.set(data.subarray(edge), start)
}

/** A copy of `count` bytes from `at` on. */
export function loadAround(
  buffer: NetworkBuffer,
  memory: BufferMemory,
  at: number,
  count: number,
): Uint8Array {
  const { start, size } = buffer
  const data = new Uint8Array(count)
  for (let done = 0; done < count;) {
    const from = (at + done) % size
    const piece = Math.min(count - done, size - from)
    data.set(memory.bytes.subarray(start + from, start + from + piece), done)
    done += piece
  }
  return data
}
