import { type ByteStream } from '../ByteStream.ts'
import { mayBePackets } from '../guessProtocol.ts'
import { headerBytes, isOnePacket } from '../packetHeader.ts'
import { frameEnd, frameStart } from './messageRun.ts'

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
