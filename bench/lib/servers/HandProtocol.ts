import { type Socket } from 'node:net'

/** What happens on a link. */
export interface LinkEvents {
  onOpen(): void
  /** Called once per message; its payload is `view` from `start` to `end`, valid during the call. */
  onMessage(view: DataView, start: number, end: number): void
}

/** The protocol of a hand-written server. */
export interface HandProtocol {
  /** Greets the client, and returns what reads the chunks that it sends. */
  readonly createReader: (socket: Socket, events: LinkEvents) => (chunk: Buffer) => void
  readonly headerBytesMax: number
  /** Writes the header of a message and returns where its payload begins. */
  readonly writeHeader: (view: DataView, at: number, payloadBytes: number) => number
  /** Asks for a sign of life. */
  readonly ping?: Buffer
}
