import { type World } from 'bitecs'
import { type NetworkBuffer } from 'bitecs-networking'
import { type ClientMessage } from '../shared/clientMessages.ts'
import {
  kindOfServerMessage,
  readServerMessage,
  type ServerMessage,
} from '../shared/serverMessages.ts'
import { type Sight, viewSnapshot } from '../shared/viewSnapshot.ts'

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
  /** Gets the snapshots where they stand, while it runs. Default: they are read, as all messages. */
  readonly look?: (snapshot: Sight) => void
}

/** Reads what has arrived, and hands it over if it is a message that is wanted. */
export function hearBuffer(
  buffer: NetworkBuffer,
  hear: (message: ServerMessage) => void,
  { wants, look }: LineOptions,
): void {
  const kind = kindOfServerMessage(buffer)
  if (kind === undefined || wants?.(kind) === false) return
  if (kind === 'snapshot' && look !== undefined) {
    const snapshot = viewSnapshot(buffer)
    if (snapshot !== undefined) look(snapshot)
    return
  }
  const message = readServerMessage(buffer)
  if (message !== undefined) hear(message)
}
