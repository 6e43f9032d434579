import { type DisconnectReason } from '../constants/DisconnectReason.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type Connection, type ConnectionEvents } from '../transport/Transport.ts'
import { RecordedConnection } from './RecordedConnection.ts'
import { type Recorder } from './Recorder.ts'

/** Writes down what a connection emits, before the program gets it. */
export class RecordedEvents implements ConnectionEvents {
  readonly #recorder: Recorder
  readonly #id: number
  readonly #events: ConnectionEvents

  constructor(recorder: Recorder, id: number, events: ConnectionEvents) {
    this.#recorder = recorder
    this.#id = id
    this.#events = events
  }

  opened(inner: Connection): void {
    // What it can do may be known only now.
    const connection = new RecordedConnection(this.#recorder, this.#id, inner)
    const { remoteIp: ip, remotePort, localPort } = inner
    const { abilities } = connection
    this.#recorder.input(
      { name: 'opened', id: this.#id, ip, ports: [remotePort, localPort], abilities },
      () => this.#events.opened(connection),
    )
  }

  failed(error: NetworkError): void {
    this.#recorder.input({ name: 'failed', id: this.#id, error }, () => this.#events.failed(error))
  }

  received(bytes: Uint8Array, type?: MessageType): void {
    this.#recorder.enter({ name: 'received', id: this.#id, type: type ?? 0, bytes })
    try {
      this.#events.received(bytes, type)
    } finally {
      this.#recorder.leave()
    }
  }

  receivedFrames(bytes: Uint8Array, view: DataView, count: number): boolean {
    if (this.#events.receivedFrames === undefined) return false
    this.#recorder.enter({ name: 'receivedFrames', id: this.#id, count, bytes })
    try {
      return this.#events.receivedFrames(bytes, view, count)
    } finally {
      this.#recorder.leave()
    }
  }

  drained(): void {
    this.#recorder.input({ name: 'drained', id: this.#id }, () => this.#events.drained())
  }

  alive(): void {
    this.#recorder.input({ name: 'alive', id: this.#id }, () => this.#events.alive())
  }

  ended(reason: DisconnectReason): void {
    this.#recorder.input({ name: 'ended', id: this.#id, reason }, () => this.#events.ended(reason))
  }
}
