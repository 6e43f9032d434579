import { type DatagramEvents, type NetworkError } from '../index.ts'

/**
 * Records what an endpoint emits, for tests of a datagram transport: pass one to `bind`. Bytes are kept as they were
 * handed over, not copied.
 */
export class DatagramRecorder implements DatagramEvents {
  readonly messages: Uint8Array[] = []
  /** Where each of `messages` came from. */
  readonly senders: (readonly [ip: string, port: number])[] = []
  /** One for each datagram that was not delivered. */
  readonly errors: NetworkError[] = []
  /** Called at the end of `received`. */
  onReceived: (bytes: Uint8Array, ip: string, port: number) => void = () => {}

  received(bytes: Uint8Array, ip: string, port: number): void {
    this.messages.push(bytes)
    this.senders.push([ip, port])
    this.onReceived(bytes, ip, port)
  }

  undelivered(error: NetworkError): void {
    this.errors.push(error)
  }
}
