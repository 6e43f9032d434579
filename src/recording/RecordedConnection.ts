import { type DisconnectReason } from '../constants/DisconnectReason.ts'
import {
  type CloseCause,
  type Connection,
  type MessageFraming,
  type MessageLimits,
} from '../transport/Transport.ts'
import { Ability, CloseHow, ValueOf } from './entries.ts'
import { type EntryMessages, type Recorder } from './Recorder.ts'
import { rangesOfMessages, rangesOfStream } from './Redaction.ts'

const none: readonly number[] = []

/** A connection that writes down what the program does with it, and what it asks of it. */
export class RecordedConnection implements Connection {
  readonly inner: Connection
  readonly framing: MessageFraming | undefined
  readonly ping?: () => void
  readonly isClosing?: () => boolean
  readonly #recorder: Recorder
  readonly #id: number
  readonly #known = new Map<ValueOf, number>()

  constructor(recorder: Recorder, id: number, inner: Connection) {
    this.inner = inner
    this.#recorder = recorder
    this.#id = id
    // What a client of WebSocket sends is masked by chance, so that two runs differ: its messages are written down instead.
    const isSame = inner.framing?.isRepeatable === true && !recorder.redacts
    this.framing = isSame ? inner.framing : undefined
    if (inner.ping !== undefined) this.ping = () => inner.ping!()
    if (inner.isClosing !== undefined)
      this.isClosing = () => this.#asked(ValueOf.isClosing, Number(inner.isClosing!())) === 1
  }

  /** What it can do, as bits. */
  get abilities(): number {
    const { inner, framing, ping, isClosing } = this
    return (
      (ping === undefined ? 0 : Ability.ping) |
      (isClosing === undefined ? 0 : Ability.isClosing) |
      (inner.bytesRead === undefined ? 0 : Ability.bytesRead) |
      (framing === undefined ? 0 : Ability.framing)
    )
  }

  get remoteIp(): string {
    return this.inner.remoteIp
  }

  get remotePort(): number {
    return this.inner.remotePort
  }

  get localPort(): number {
    return this.inner.localPort
  }

  get handshakeMs(): number {
    return this.inner.handshakeMs ?? 0
  }

  get pendingBytes(): number {
    return this.#asked(ValueOf.pendingBytes, this.inner.pendingBytes)
  }

  get bytesRead(): number {
    return this.#asked(ValueOf.bytesRead, this.inner.bytesRead ?? 0)
  }

  #asked(of: ValueOf, value: number): number {
    this.#recorder.value(this.#known, this.#id, of, value)
    return value
  }

  write(bytes: Uint8Array, messages?: MessageLimits): void {
    const { inner } = this
    const ends = messages === undefined ? none : messages.ends
    const types = messages === undefined ? none : messages.types
    const entry = { name: 'write', id: this.#id, ends, types, bytes } as const
    this.#recorder.output(entry, this.#messagesOf(bytes, messages))
    if (inner.framing === undefined || this.framing !== undefined || messages === undefined)
      inner.write(bytes, messages)
    else inner.write(framed(inner.framing, bytes, messages))
  }

  #messagesOf(bytes: Uint8Array, messages?: MessageLimits): EntryMessages | undefined {
    if (!this.#recorder.redacts) return undefined
    const ranges =
      messages === undefined ? rangesOfStream(bytes) : rangesOfMessages(bytes, messages.ends)
    return { direction: 'sent', ip: this.remoteIp, port: this.remotePort, ranges }
  }

  pause(): void {
    this.inner.pause()
  }

  resume(): void {
    this.inner.resume()
  }

  close(cause: CloseCause = 'done'): void {
    this.#recorder.output({ name: 'close', id: this.#id, how: CloseHow[cause] })
    this.inner.close(cause)
  }

  reset(reason?: DisconnectReason, advice?: string): void {
    this.#recorder.output({ name: 'close', id: this.#id, how: CloseHow.reset })
    this.inner.reset(reason, advice)
  }
}

/** Messages back to back, each in its frames. */
function framed(
  framing: MessageFraming,
  bytes: Uint8Array,
  { ends, types }: MessageLimits,
): Uint8Array {
  const sizes = ends.map((end, index) => end - (ends[index - 1] ?? 0))
  const result = new Uint8Array(sizes.reduce((sum, size) => sum + framing.framedBytes(size), 0))
  let at = 0
  for (const [index, size] of sizes.entries()) {
    const end = at + framing.framedBytes(size)
    result.set(bytes.subarray(ends[index]! - size, ends[index]), end - size)
    framing.frame(result, at, size, types[index]!)
    at = end
  }
  return result
}
