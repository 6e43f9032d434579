import { type ClientMessage } from '../shared/clientMessages.ts'

/** How a bot talks with the server: TCP or UDP, in a world of its own. */
export interface Line {
  /** Hands over what has arrived. Call it each tick. */
  tick(): void
  send(message: ClientMessage): void
  close(): void
}
