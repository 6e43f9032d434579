import type { World } from 'bitecs'
import { sendMessage, type SendTarget } from '../network/sendMessage.ts'
import { type SendSource } from '../protocol/messageToSend.ts'

/**
 * Sends a packet: GameMaker's `network_send_packet`. The other end gets one data event with exactly these bytes. A text leaves
 * in UTF-8 with a NUL byte behind it, as GameMaker's `buffer_string`: `readText` reads it. Bytes are taken from the start of the
 * buffer, whatever its seek position, and are copied: the buffer may be changed at once. They leave when `NetworkSystem` ends, or,
 * when sent outside it, when the running synchronous code ends. A connected UDP socket sends as `sendUdp`.
 *
 * A packet larger than the other end's `messageBytesMax` ends the connection: the reason is `tooLarge` there, and here that
 * the connection was reset or closed.
 *
 * @param size bytes to send; without it all that was written
 * @returns `size` + 12, or over WebSocket `size`, as GameMaker; or a negative `NetworkError` and nothing is sent:
 * `notConnected`, `sendQueueFull`, `unknownSocket`, `wrongRole` for a server, `tooLarge` for a size above the buffer's; on UDP
 * also those of `sendUdp`. For several sockets: how many of them took it
 * @throws RangeError for a size that is not an integer of 0 or more, TypeError for arguments of a wrong type,
 * FreedError for a freed buffer
 */
export function sendPacket(
  world: World,
  target: SendTarget,
  buffer: SendSource,
  size?: number,
): number {
  return sendMessage('sendPacket', world, target, buffer, size, 'packet')
}
