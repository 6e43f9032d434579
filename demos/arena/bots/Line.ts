import { type World } from 'bitecs'
import { type NetworkBuffer } from 'bitecs-networking'
import { type ClientMessage } from '../shared/clientMessages.ts'
import {
  kindOfServerMessage,
  readServerMessage,
  type ServerMessage,
} from '../shared/serverMessages.ts'

/** How a bot talks with the server: TCP or UDP, in a world of its own. */
export interface Line {
  /** Hands over what has arrived. Call it each tick. */
  tick(): void
  send(message: ClientMessage): void
  close(): void
}

/** How a line is made. */
export interface LineOptions {
  /** Default: one of its own. */
  readonly world?: World
  /** Whether to read a message of a kind: reading takes time. Default: all of them. */
  readonly wants?: (kind: ServerMessage['kind']) => boolean
}

/** Reads what has arrived, and hands it over if it is a message that is wanted. */
export function hearBuffer(
  buffer: NetworkBuffer,
  hear: (message: ServerMessage) => void,
  wants: LineOptions['wants'],
): void {
  if (wants !== undefined) {
    const kind = kindOfServerMessage(buffer)
    if (kind === undefined || !wants(kind)) return
  }
  const message = readServerMessage(buffer)
  if (message !== undefined) hear(message)
}
