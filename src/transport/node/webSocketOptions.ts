// What `ws` is told, for servers and clients alike.

import { lingerMs } from './socketOptions.ts'

/** The largest limit that `ws` knows: it takes it for a number of 32 bits, and 0 for none. */
export const webSocketBytesMax: number = 2 ** 31 - 1

/** How both ends read. */
export function receiverOptions(messageBytesMax: number): {
  readonly autoPong: false
  readonly perMessageDeflate: false
  readonly maxPayload: number
  readonly maxFragments: number
  readonly maxBufferedChunks: number
  readonly closeTimeout: number
} {
  return {
    // Pings are answered by the connection, which knows where frames end.
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: Math.min(Math.max(1, messageBytesMax), webSocketBytesMax),
    // A message in tiny parts costs much more memory than its bytes.
    maxFragments: 1_024,
    maxBufferedChunks: Math.max(1_024, Math.ceil(messageBytesMax / 512)),
    closeTimeout: lingerMs,
  }
}
