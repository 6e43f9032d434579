/**
 * How messages stand back to back in what has arrived at once: `packets` each with its header; `frames` each in a binary frame
 * of RFC 6455, with its header, whose payload is below 64 KiB and unmasked; `framedPackets` each a packet in such a frame; `raw` one message, or one run of
 * bytes, as it is.
 */
export type RunKind = 'packets' | 'raw' | 'frames' | 'framedPackets'

export function isRunKind(kind: string): kind is RunKind {
  return kind === 'packets' || kind === 'raw' || kind === 'frames' || kind === 'framedPackets'
}
