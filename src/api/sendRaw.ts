import type { World } from 'bitecs'
import { MessageType } from '../constants/MessageType.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionTable } from '../errors/checkOptions.ts'
import { sendMessage, type SendTarget } from './sendMessage.ts'
import { type SendSource } from './sendSource.ts'

/** How `sendRaw` sends. */
export interface RawOptions {
  /** Bytes to send; without it all that was written. */
  readonly size?: number | undefined
  /**
   * WebSocket: `MessageType.text` sends a text message; bytes that are not UTF-8 become U+FFFD. No effect elsewhere.
   * Default: `MessageType.binary`.
   */
  readonly type?: MessageType | undefined
}

const optionChecks: OptionTable<RawOptions> = {
  // `sendMessage` checks its range.
  size(where, name, value) {
    if (typeof value !== 'number') throw wrongType(where, name, 'a number of bytes', value)
  },
  type(where, name, value) {
    if (value !== MessageType.binary && value !== MessageType.text)
      throw wrongType(where, name, 'MessageType.binary or MessageType.text', value)
  },
}

const noOptions: RawOptions = {}

/**
 * Sends bytes as they are: GameMaker's `network_send_raw`, for raw connections. TCP keeps their order but
 * not their limits: two sends may arrive as one event, and one as two. WebSocket sends one message.
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
  options: RawOptions = noOptions,
): number {
  const where = 'sendRaw'
  if (options !== noOptions) checkOptions(where, 'option', options, optionChecks)
  const { size, type = MessageType.binary } = options
  return sendMessage(where, world, target, buffer, size, type)
}
