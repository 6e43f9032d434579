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
  /** Time limit for a peer that takes none of the bytes that wait to leave. */
  writeStallMs: number
}

/** Settings of the connections that a server will accept: those of the world where `writeStallMs` was not set. */
export type AcceptedSettings = Omit<SocketSettings, 'writeStallMs'> & {
  writeStallMs: number | undefined
}

export function clientSettings(config: NetworkConfig): SocketSettings {
  return {
    messageBytesMax: config.clientMessageBytesMax,
    sendQueueBytesMax: config.clientSendQueueBytesMax,
    malformed: config.malformed,
    avoidTimeWait: false,
    readTimeoutMs: 0,
    writeStallMs: config.writeStallMs,
  }
}

export function acceptedSettings(config: NetworkConfig): AcceptedSettings {
  return {
    messageBytesMax: config.acceptedMessageBytesMax,
    sendQueueBytesMax: config.acceptedSendQueueBytesMax,
    malformed: config.malformed,
    avoidTimeWait: false,
    readTimeoutMs: 0,
    writeStallMs: undefined,
  }
}
