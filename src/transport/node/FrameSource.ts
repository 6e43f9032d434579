import { type MessageType } from '../../constants/MessageType.ts'

/**
 * What reads the frames that arrive at a network socket. It has passed on what had arrived before it says that the
 * connection has closed.
 */
export interface FrameSource {
  /** Whether frames may be written: not once the peer has begun to close, has broken the protocol, or has ended its side. */
  readonly isOpen: boolean
  /** Reads nothing until `resume`. What has been read already may still arrive. */
  pause(): void
  resume(): void
  /** Drops what arrives from now on: only `closed` follows. */
  discard(): void
}

/** What is wrong with what arrives: it is not WebSocket, or too large. */
export type FrameFault = 'malformed' | 'tooLarge'

/** What receives from a {@link FrameSource}. */
export interface FrameSink {
  /** A whole message; the bytes are the receiver's. */
  message(bytes: Uint8Array, type: MessageType): void
  /** Whole binary messages of one frame each, as `receivedFrames` of a connection's events has them. */
  frames(bytes: Uint8Array, view: DataView, count: number): void
  /** A ping, which must be answered with its payload. */
  pinged(payload: Uint8Array): void
  ponged(): void
  /**
   * The peer has ended its side. Only `closed` follows.
   *
   * @param answer payload of its close frame, and of the answer; `undefined` if it has sent none
   */
  closing(answer: Uint8Array | undefined): void
  /** The peer has broken the protocol, and is told so with this code. Only `closed` follows. */
  broken(kind: FrameFault, code: number): void
  /**
   * The network socket has closed. Nothing follows.
   *
   * @param code of the peer's close frame; `undefined` without one
   */
  closed(code: number | undefined): void
}
