/**
 * What a WebSocket message is: `asyncLoad.message_type`, and how `sendRaw` sends. GameMaker's
 * `network_send_binary` and `network_send_text`.
 */
export const MessageType = {
  binary: 1,
  /** UTF-8 text. Its bytes arrive as they were sent, without a NUL behind them. */
  text: 2,
} as const

export type MessageType = (typeof MessageType)[keyof typeof MessageType]
