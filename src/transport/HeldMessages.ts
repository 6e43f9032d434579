import { DisconnectReason } from '../constants/DisconnectReason.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { type ConnectionEvents } from './Transport.ts'

/** What has arrived at once. */
interface HeldMessage {
  readonly bytes: Uint8Array
  readonly type: MessageType | undefined
}

/**
 * What has arrived for a receiver that may be paused, or that is not there yet, and behind it the end. For transports
 * whose senders nothing stops.
 */
export class HeldMessages {
  /** Bytes that are held. An empty message counts as one, since it has to be received too. */
  bytes = 0
  isPaused = false
  /** Who receives: nobody before there is one, and after the end. */
  events: ConnectionEvents | undefined
  #messages: HeldMessage[] = []
  /** How many of `#messages` have been emitted. */
  #emitted = 0
  #reason: DisconnectReason = DisconnectReason.none
  #isDelivering = false

  /** Holds a message until `deliver`. */
  push(bytes: Uint8Array, type: MessageType | undefined): void {
    this.#messages.push({ bytes, type })
    this.bytes += bytesOf(bytes)
  }

  /** How many messages are held. */
  get count(): number {
    return this.#messages.length - this.#emitted
  }

  /** The end follows what is held. The first reason counts. */
  end(reason: DisconnectReason): void {
    if (!this.hasEnd) this.#reason = reason
  }

  get hasEnd(): boolean {
    return this.#reason !== DisconnectReason.none
  }

  /** Drops what is held. Nothing is emitted any more, but by the caller, who gets the events for the last time. */
  stop(): ConnectionEvents | undefined {
    this.#messages = []
    this.#emitted = 0
    this.bytes = 0
    const { events } = this
    this.events = undefined
    return events
  }

  /** Emits what is held, unless the receiver is paused: messages in order, and behind them the end, once. */
  deliver(): void {
    // A receiver can cause more to arrive: that waits until it is done with what is there.
    if (this.#isDelivering) return
    this.#isDelivering = true
    while (this.count > 0 && !this.isPaused && this.events !== undefined) {
      const { bytes, type } = this.#takeFirst()
      this.bytes -= bytesOf(bytes)
      this.events.received(bytes, type)
    }
    this.#isDelivering = false
    if (this.hasEnd && !this.isPaused && this.count === 0) this.stop()?.ended(this.#reason)
  }

  /** Not by `shift`, which of a long array moves all the others. */
  #takeFirst(): HeldMessage {
    const first = this.#messages[this.#emitted++]!
    if (this.#emitted * 2 > this.#messages.length) {
      this.#messages = this.#messages.slice(this.#emitted)
      this.#emitted = 0
    }
    return first
  }
}

function bytesOf({ length }: Uint8Array): number {
  return Math.max(length, 1)
}
