// Where messages that stand back to back begin and end.

import { type BufferMemory } from '../../buffer/BufferMemory.ts'
import { headerBytes, payloadSize } from '../packetHeader.ts'
import { type RunKind } from '../RunKind.ts'
import { maskBytes, masked } from './frameHeader.ts'

/** Where the payload of the message at `at` begins. */
export function payloadStart(kind: RunKind, bytes: Uint8Array, at: number): number {
  if (kind === 'raw') return at
  if (kind === 'packets') return at + headerBytes
  const start = frameStart(bytes, at)
  return kind === 'frames' ? start : start + headerBytes
}

/** Bytes of the payload of the message at `at`; of a kind that has several. */
export function payloadSizeAt(kind: RunKind, chunk: BufferMemory, at: number): number {
  if (kind === 'packets') return payloadSize(chunk.view, at)
  return frameEnd(chunk.bytes, at, 0) - (kind === 'frames' ? 0 : headerBytes)
}

/** Where the message at `at` ends; of a kind that has several. */
export function messageEnd(kind: RunKind, chunk: BufferMemory, at: number): number {
  return payloadStart(kind, chunk.bytes, at) + payloadSizeAt(kind, chunk, at)
}

/** Where the payload of a frame begins. */
export function frameStart(bytes: Uint8Array, at: number): number {
  const second = bytes[at + 1]!
  return at + ((second & ~masked) === 126 ? 4 : 2) + (second < masked ? 0 : maskBytes)
}

/** Where a frame ends whose payload begins at `start`. */
export function frameEnd(bytes: Uint8Array, at: number, start: number): number {
  const length = bytes[at + 1]! & ~masked
  return start + (length < 126 ? length : (bytes[at + 2]! << 8) | bytes[at + 3]!)
}
