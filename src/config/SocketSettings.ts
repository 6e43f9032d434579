import { type MalformedPolicy } from '../protocol/ByteStream.ts'
import { type NetworkConfig } from './NetworkConfig.ts'

/** Settings of one connection. A client socket that connects again goes on with the same object. */
export interface SocketSettings {
  /** Largest message taken, in bytes. */
  messageBytesMax: number
  /** Sends are refused while this many bytes wait to leave. */
  sendQueueBytesMax: number
  /** What happens to bytes that are not a packet. */
  malformed: MalformedPolicy
  /** Whether the connection ends by a reset. */
  avoidTimeWait: boolean
  /** Time limit for a packet that has begun to arrive; 0 for none. */
  readTimeoutMs: number
  /** Time limit for a peer that takes none of the bytes that wait to leave; the world's until a connection begins. */
  writeStallMs: number | undefined
  /** The port that a client binds when it connects; 0 for any. */
  readonly localPort: number
}

/**
 * The settings of a client socket, or of the connections that a server will accept.
 *
 * @param given what it was given of them
 */
export function createSettings(
  config: NetworkConfig,
  end: 'client' | 'accepted',
  given: Partial<Pick<SocketSettings, 'messageBytesMax' | 'malformed' | 'localPort'>> = {},
): SocketSettings {
  return {
    messageBytesMax: given.messageBytesMax ?? config[`${end}MessageBytesMax`],
    sendQueueBytesMax: config[`${end}SendQueueBytesMax`],
    malformed: given.malformed ?? config.malformed,
    avoidTimeWait: false,
    readTimeoutMs: 0,
    writeStallMs: undefined,
    localPort: given.localPort ?? 0,
  }
}
