// What GameMaker code sends in the lines behind network_connect, which there has waited until the socket was connected.

/** Room for the header of a packet and of its frame. */
const headersBytes = 26

/** What waits for a socket to be connected, in order. */
export interface EarlySends {
  readonly sends: (() => void)[]
  bytes: number
  /** The limit of the socket's send queue. */
  readonly bytesMax: number
}

export function createEarlySends(bytesMax: number): EarlySends {
  return { sends: [], bytes: 0, bytesMax }
}

/** Keeps a message for later. Returns false if it would not fit in the send queue. */
export function keepSend(early: EarlySends, size: number, send: () => void): boolean {
  const bytes = early.bytes + size + headersBytes
  // The queue takes one message of any size when it is empty.
  if (early.sends.length > 0 && bytes > early.bytesMax) return false
  early.sends.push(send)
  early.bytes = bytes
  return true
}
