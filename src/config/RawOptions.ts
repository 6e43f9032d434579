import { MessageType } from '../constants/MessageType.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { type OptionTable } from '../errors/checkOptions.ts'

/** How `sendRaw` sends. */
export interface RawOptions {
  /** Bytes to send; without it all that was written. */
  readonly size?: number | undefined
  /**
   * WebSocket: `MessageType.text` sends a text message; bytes that are not UTF-8 become U+FFFD. No effect elsewhere.
   * Default: `MessageType.binary`, for a text `MessageType.text`.
   */
  readonly type?: MessageType | undefined
}

export const rawOptionChecks: OptionTable<RawOptions> = {
  // `sendMessage` checks its range.
  size(where, name, value) {
    if (typeof value !== 'number') throw wrongType(where, name, 'a number of bytes', value)
  },
  type(where, name, value) {
    if (value !== MessageType.binary && value !== MessageType.text)
      throw wrongType(where, name, 'MessageType.binary or MessageType.text', value)
  },
}
