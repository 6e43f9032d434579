import { type DisconnectReason } from '../constants/DisconnectReason.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type Connection, type ConnectionEvents } from '../transport/Transport.ts'
import { type EntryOf } from './entries.ts'
import { RecordedConnection } from './RecordedConnection.ts'
import { type Recorder } from './Recorder.ts'
import { PacketParts, type Ranges, rangesOfMessages } from './Redaction.ts'

/** Writes down what a connection emits, before the program gets it. */
export class RecordedEvents implements ConnectionEvents {
  readonly #recorder: Recorder
  readonly #id: number
  readonly #events: ConnectionEvents
  #ip = ''
  #port = 0
  #parts: PacketParts | undefined

  /** @param connection of an accepted one, which is open */
  constructor(recorder: Recorder, id: number, events: ConnectionEvents, connection?: Connection) {
    this.#ip = connection?.remoteIp ?? ''
    this.#port = connection?.remotePort ?? 0
    this.#recorder = recorder
    this.#id = id
    this.#events = events
  }

  opened(inner: Connection): void {
    // What it can do may be known only now.
    const connection = new RecordedConnection(this.#recorder, this.#id, inner)
    const { remoteIp: ip, remotePort, localPort } = inner
    this.#ip = ip
    this.#port = remotePort
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
    this.#noteReceived(bytes, type)
    try {
      this.#events.received(bytes, type)
    } finally {
      this.#recorder.leave()
    }
  }

  receivedFrames(bytes: Uint8Array, view: DataView, count: number): boolean {
    // Redacted message by message.
    if (this.#events.receivedFrames === undefined || this.#recorder.redacts) return false
    this.#recorder.enter({ name: 'receivedFrames', id: this.#id, count, bytes })
    try {
      return this.#events.receivedFrames(bytes, view, count)
    } finally {
      this.#recorder.leave()
    }
  }

  #noteReceived(bytes: Uint8Array, type: MessageType | undefined): void {
    const entry = { name: 'received', id: this.#id, type: type ?? 0, bytes } as const
    const { isOn, redacts } = this.#recorder
    if (isOn && redacts) this.#noteRedacted(entry)
    else this.#recorder.enter(entry)
  }

  #noteRedacted(entry: EntryOf<'received'>): void {
    const { type, bytes } = entry
    const about = { direction: 'received', ip: this.#ip, port: this.#port } as const
    if (type !== 0) {
      const ranges = rangesOfMessages(bytes, [bytes.length])
      this.#recorder.enter(entry, { ...about, ranges })
    } else {
      const known = this.#isRaw ? wholeOf(bytes) : (this.#parts ??= new PacketParts()).take(bytes)
      this.#recorder.enter({ ...entry, bytes: known.bytes }, { ...about, ranges: known.ranges })
    }
  }

  /** Packets of a connection in raw mode are not looked for. */
  get #isRaw(): boolean {
    const { stream } = Object(this.#events) as { stream?: { raw?: boolean } }
    return stream?.raw === true
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

function wholeOf(bytes: Uint8Array): { bytes: Uint8Array; ranges: Ranges } {
  return { bytes, ranges: [[0, bytes.length]] }
}
