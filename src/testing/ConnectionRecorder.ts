import {
  type Connection,
  type ConnectionEvents,
  type DisconnectReason,
  MessageType,
  type NetworkError,
} from '../index.ts'
import { toHex } from './messages.ts'

/** One call of a `ConnectionEvents`. */
export type ConnectionCall =
  | { readonly name: 'opened' | 'drained' | 'alive' }
  | { readonly name: 'received'; readonly bytes: Uint8Array; readonly type?: MessageType }
  | { readonly name: 'failed'; readonly error: NetworkError }
  | { readonly name: 'ended'; readonly reason: DisconnectReason }

/**
 * Records what a connection emits, for tests of a transport: pass one to `connect`, or return one from `accepted`. Bytes
 * are kept as they were handed over, not copied.
 */
export class ConnectionRecorder implements ConnectionEvents {
  /** Every call, in order. */
  readonly calls: ConnectionCall[] = []
  readonly messages: Uint8Array[] = []
  /** The types of `messages`; `undefined` where the transport keeps no message boundaries. */
  readonly types: (MessageType | undefined)[] = []
  readonly reasons: DisconnectReason[] = []
  readonly errors: NetworkError[] = []
  /** `pendingBytes` at each `drained`. */
  readonly pendingWhenDrained: number[] = []
  /** The connection that is recorded: set by `opened`, or by whoever made the recorder. */
  connection: Connection | undefined
  /** Called at the end of `opened`. */
  onOpened: (connection: Connection) => void = () => {}
  /** Called at the end of `received`. */
  onReceived: (bytes: Uint8Array, type: MessageType | undefined) => void = () => {}

  constructor(connection?: Connection) {
    this.connection = connection
  }

  /** The names of the calls, in order; of several `received` in a row only one. */
  get names(): (keyof ConnectionEvents)[] {
    const names = this.calls.map(({ name }) => name)
    return names.filter((name, at) => name !== 'received' || names[at - 1] !== 'received')
  }

  /**
   * Each call in one line: `opened`, `failed -10`, `drained`, `alive`, `ended 1`. A message is hex: `00ff`, `b:00ff` if
   * binary, `t:c3a9` if text.
   */
  get log(): string[] {
    return this.calls.map(lineOf)
  }

  /** Whether `failed` or `ended` was called. */
  get isOver(): boolean {
    return this.errors.length + this.reasons.length > 0
  }

  /** How often a method was called. */
  count(name: keyof ConnectionEvents): number {
    return this.calls.filter((call) => call.name === name).length
  }

  opened(connection: Connection): void {
    this.connection = connection
    this.calls.push({ name: 'opened' })
    this.onOpened(connection)
  }

  failed(error: NetworkError): void {
    this.errors.push(error)
    this.calls.push({ name: 'failed', error })
  }

  received(bytes: Uint8Array, type?: MessageType): void {
    this.messages.push(bytes)
    this.types.push(type)
    this.calls.push(
      type === undefined ? { name: 'received', bytes } : { name: 'received', bytes, type },
    )
    this.onReceived(bytes, type)
  }

  drained(): void {
    this.pendingWhenDrained.push(this.connection?.pendingBytes ?? 0)
    this.calls.push({ name: 'drained' })
  }

  alive(): void {
    this.calls.push({ name: 'alive' })
  }

  ended(reason: DisconnectReason): void {
    this.reasons.push(reason)
    this.calls.push({ name: 'ended', reason })
  }
}

function lineOf(call: ConnectionCall): string {
  switch (call.name) {
    case 'received':
      return `${prefixOf(call.type)}${toHex(call.bytes)}`
    case 'failed':
      return `failed ${call.error}`
    case 'ended':
      return `ended ${call.reason}`
    default:
      return call.name
  }
}

function prefixOf(type: MessageType | undefined): string {
  if (type === undefined) return ''
  return type === MessageType.text ? 't:' : 'b:'
}
