// What a server sends in its ticks, and what each client checks.
//
//   payload  0 u32 counter, one more with each message | 4 … filling that depends on the place

/** Bytes of one of the messages that a tick sends to each client. */
export const talkBytes = 32

/** A message but for its counter. */
export function createTickMessage(bytes: number): Uint8Array {
  const message = new Uint8Array(bytes)
  for (let at = 4; at < bytes; at++) message[at] = (at * 37 + 11) & 0xff
  return message
}

/** Numbers a message whose payload begins at `at`. */
export function numberTickMessage(message: DataView, at: number, counter: number): void {
  message.setUint32(at, counter, true)
}
