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
  /** Bytes that are held. */
  bytes = 0
  isPaused = false
  #messages: HeldMessage[] = []
  #receiver: Pick<ConnectionEvents, 'received' | 'ended'> | undefined
  #reason: DisconnectReason = DisconnectReason.none
  #isDelivering = false

  /** Sets who receives. */
  attach(receiver: Pick<ConnectionEvents, 'received' | 'ended'>): void {
    this.#receiver = receiver
  }

  /** Holds a message until `deliver`. */
  push(bytes: Uint8Array, type: MessageType | undefined): void {
    this.#messages.push({ bytes, type })
    this.bytes += bytes.length
  }

  /** The end follows what is held. The first reason counts. */
  end(reason: DisconnectReason): void {
    if (!this.hasEnd) this.#reason = reason
  }

  get hasEnd(): boolean {
    return this.#reason !== DisconnectReason.none
  }

  /** Drops what is held. Nothing is emitted any more. */
  stop(): void {
    this.#messages = []
    this.bytes = 0
    this.#receiver = undefined
  }

  /** Emits what is held, unless the receiver is paused: messages in order, and behind them the end, once. */
  deliver(): void {
    // A receiver can cause more to arrive: that waits until it is done with what is there.
    if (this.#isDelivering) return
    this.#isDelivering = true
    while (this.#messages.length > 0 && !this.isPaused && this.#receiver !== undefined) {
      const { bytes, type } = this.#messages.shift()!
      this.bytes -= bytes.length
      this.#receiver.received(bytes, type)
    }
    this.#isDelivering = false
    const receiver = this.#receiver
    if (!this.hasEnd || this.isPaused || receiver === undefined) return
    this.#receiver = undefined
    receiver.ended(this.#reason)
  }
}
