// What a server under test does, whatever it is made of.

/** A server that has begun to listen. */
export interface ServerUnderTest {
  readonly port: number
  /** Nothing is answered without a tick. */
  readonly needsTicks?: true
  /** Handles what has arrived, where that waits for the tick. */
  receive(): void
  /** Sends one message to every client, by one call where there is such a call. */
  sendToAll(message: Uint8Array): void
  /** Sends each client these messages, by a call for each. */
  sendToEach(messages: readonly Uint8Array[]): void
  /** Hands over what waits to leave, where it does not leave by itself. */
  flush(): void
}

/** What a server is to do with its clients. */
export interface ServerSetup {
  /** Every message goes back to its sender; otherwise its words are added up. */
  readonly echoes: boolean
  /** A WebSocket peer is pinged about this often; 0 for never. */
  readonly pingMs: number
  readonly tally: Tally
}

/** Counted up by a server. */
export interface Tally {
  messages: number
  /** Of the words of all messages that were not sent back; the generator knows what it must be. */
  sum: number
  /** Connections that have ended. */
  ended: number
}

/** Resolves when the server listens on a free port. */
export type StartServer = (setup: ServerSetup) => Promise<ServerUnderTest>

/** Of a module that is not part of the build: it gets what it cannot import. */
export type StartPeer = (
  setup: ServerSetup & { readonly addUp: (message: Uint8Array) => void },
) => Promise<ServerUnderTest>

/** The part of `Tally.sum` of the word with this number in its message. */
export function weigh(word: number, index: number): number {
  return Math.imul(word, 2 * index + 1)
}

/** Adds up the words of a message that begins at `start`. */
export function addWords(tally: Tally, view: DataView, start: number, end: number): void {
  let sum = tally.sum
  for (let at = start, index = 0; at < end; at += 4, index++)
    sum = (sum + weigh(view.getInt32(at, true), index)) | 0
  tally.sum = sum
}
