// How the generator speaks one protocol: the opening of a link and the bytes of a message.

/** The protocols a server under test can speak. */
export type WireName = 'tcp' | 'ws' | 'socket.io' | 'colyseus'

/** A request and the reply it must get, for one payload size; the payload is written by the caller. */
export interface Wire {
  requestBytes: number
  replyBytes: number
  /** Where the payload starts in a request and in a reply. */
  requestPayloadAt: number
  replyPayloadAt: number
  /** What is XORed into each 32-bit word of a request's payload; 0 where the protocol has no mask. */
  mask: number
  /** Writes everything but the payload of a request. */
  writeRequest(view: DataView, at: number): void
  /** Writes everything but the payload of the reply. */
  writeReply(view: DataView, at: number): void
  createOpening(): Opening
  /** What a client says before it leaves and what it then gets; without it it just ends the connection. */
  readonly farewell?: { readonly say: Buffer; readonly await: Buffer }
}

/** The handshake of one link, from the client's side. */
export interface Opening {
  /** What the client says first. */
  first: Buffer | undefined
  /** Takes all that has come so far; throws when it is wrong. */
  take(soFar: Buffer): OpeningStep
}

/** `used` bytes are done with; `say` is to be sent; the link is ready for messages when `isOpen`. */
export interface OpeningStep {
  used: number
  isOpen: boolean
  say: Buffer | undefined
}

export const moreNeeded: OpeningStep = { used: 0, isOpen: false, say: undefined }
