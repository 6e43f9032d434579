// Browsers take their messages out of frames themselves: runs of frames stay out of their build. package.json's "imports"
// chooses between this file and messageRun.node.ts.

import { type BufferMemory } from '../../buffer/BufferMemory.ts'
import { headerBytes, payloadSize } from '../packetHeader.ts'
import { type RunKind } from '../RunKind.ts'

/** Where the payload of the message at `at` begins. */
export function payloadStart(kind: RunKind, _bytes: Uint8Array, at: number): number {
  return kind === 'raw' ? at : at + headerBytes
}

/** Bytes of the payload of the packet at `at`. */
export function payloadSizeAt(_kind: RunKind, chunk: BufferMemory, at: number): number {
  return payloadSize(chunk.view, at)
}

/** No frames are taken as they are. */
export function framedBytes(): -1 {
  return -1
}
