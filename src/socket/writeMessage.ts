import { MessageType } from '../constants/MessageType.ts'
import { type Connection } from '../transport/Transport.ts'

/**
 * Writes one binary message by itself.
 *
 * @param message bytes that never change
 * @param isMessages the transport keeps the limits of messages
 */
export function writeMessage(
  connection: Connection,
  message: Uint8Array,
  isMessages: boolean,
): void {
  const { framing } = connection
  const size = message.length
  if (framing !== undefined) {
    const bytes = new Uint8Array(framing.framedBytes(size))
    bytes.set(message, bytes.length - size)
    framing.frame(bytes, 0, size, MessageType.binary)
    connection.write(bytes)
  } else if (isMessages) connection.write(message, { ends: [size], types: [MessageType.binary] })
  else connection.write(message)
}
