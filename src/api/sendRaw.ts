import type { World } from 'bitecs'
import { type RawOptions, rawOptionChecks } from '../config/RawOptions.ts'
import { MessageType } from '../constants/MessageType.ts'
import { checkOptions } from '../errors/checkOptions.ts'
import { sendMessage, type SendTarget } from '../network/sendMessage.ts'
import { type SendSource } from '../protocol/messageToSend.ts'

/**
 * Sends bytes as they are, or a text in UTF-8: GameMaker's `network_send_raw`, for raw connections. TCP keeps their order but
 * not their limits: two sends may arrive as one event, and one as two. WebSocket sends one message, a connected UDP socket one
 * datagram, as `sendUdpRaw`.
 *
 * @returns the number of bytes sent; or a negative `NetworkError` as of `sendPacket`, and nothing is sent. For several
 * sockets: how many of them took it
 * @throws RangeError for a size that is not an integer of 0 or more, TypeError for an unknown option and for arguments of a
 * wrong type, FreedError for a freed buffer
 */
export function sendRaw(
  world: World,
  target: SendTarget,
  buffer: SendSource,
  options?: RawOptions,
): number {
  const where = 'sendRaw'
  if (options !== undefined) checkOptions(where, 'option', options, rawOptionChecks)
  const isText = typeof buffer === 'string'
  const { size, type = isText ? MessageType.text : MessageType.binary } = options ?? {}
  return sendMessage(where, world, target, buffer, size, type)
}
