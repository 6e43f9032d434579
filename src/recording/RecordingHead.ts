import { type TransportCapabilities } from '../transport/Transport.ts'

/** What stands at the beginning of a recording, as JSON. */
export interface RecordingHead {
  /** The world's clock when the recording began, in whole microseconds. */
  readonly startUs: number
  /** Settings at the beginning that are numbers, texts or booleans. `Infinity` is the text `Infinity`. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** What carries each type of socket. */
  readonly transports: readonly RecordedTransport[]
}

export interface RecordedTransport {
  readonly type: number
  readonly isDatagrams: boolean
  /** `Infinity` is `null`. */
  readonly capabilities: Omit<TransportCapabilities, 'messageBytesMax'> & {
    readonly messageBytesMax: number | null
  }
}
