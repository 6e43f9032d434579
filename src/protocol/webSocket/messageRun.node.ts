// Where messages that stand back to back begin and end. package.json's "imports" chooses between this file and
// messageRun.browser.ts.

import { type BufferMemory } from '../../buffer/BufferMemory.ts'
import { type ByteStream } from '../ByteStream.ts'
import { mayBePackets } from '../guessProtocol.ts'
import { headerBytes, isOnePacket, payloadSize } from '../packetHeader.ts'
import { type RunKind } from '../RunKind.ts'
import { frameEnd, frameStart } from './frameHeader.ts'

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

/**
 * Bytes of the messages whose frames stand back to back in `bytes`, without the headers of the frames; −1 unless the stream is
 * open and takes each as it is: in packet mode as one packet, in raw mode as something else.
 */
export function framedBytes(stream: ByteStream, bytes: Uint8Array): number {
  const { phase, raw, assembly, settings } = stream
  if (phase !== 'open' || assembly.size > 0) return -1
  const header = raw ? 0 : headerBytes
  let total = 0
  for (let at = 0, next; at < bytes.length; at = next) {
    const start = frameStart(bytes, at)
    next = frameEnd(bytes, at, start)
    const size = next - start
    if (size - header > settings.messageBytesMax) return -1
    if (raw ? mayBePackets(bytes, start) : !isOnePacket(bytes, start, next)) return -1
    total += size
  }
  return total
}
