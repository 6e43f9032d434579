import { type MessageFraming, type MessageType } from '../index.ts'

/** Messages back to back, framed in place. */
export function frameMessages(
  framing: MessageFraming,
  messages: readonly Uint8Array[],
  types: readonly MessageType[],
): Uint8Array {
  const rooms = messages.map(({ length }) => framing.framedBytes(length))
  const bytes = new Uint8Array(rooms.reduce((sum, room) => sum + room, 0))
  let at = 0
  for (const [index, message] of messages.entries()) {
    const end = at + rooms[index]!
    bytes.set(message, end - message.length)
    framing.frame(bytes, at, message.length, types[index]!)
    at = end
  }
  return bytes
}
