import { type MalformedPolicy } from '../protocol/ByteStream.ts'

/** Settings of one socket. */
export interface SocketSettings {
  readonly raw: boolean
  readonly messageBytesMax: number
  readonly sendQueueBytesMax: number
  readonly malformed: MalformedPolicy
  readonly gameId: number
}
