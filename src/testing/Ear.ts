// Hears what a connection tells, for checks of the bare interface.

import {
  type Connection,
  type ConnectionEvents,
  type DisconnectReason,
  type MessageType,
  type NetworkError,
} from '../index.ts'

/** What a connection can tell. */
export type Told = keyof ConnectionEvents

/** Keeps what a connection tells, as it was told. */
export class Ear implements ConnectionEvents {
  /** The names, in order; of several `received` in a row only one. */
  readonly told: Told[] = []
  readonly messages: Uint8Array[] = []
  readonly types: (MessageType | undefined)[] = []
  readonly reasons: DisconnectReason[] = []
  readonly errors: NetworkError[] = []
  /** The connection that it hears. */
  connection: Connection | undefined
  /** `pendingBytes` whenever `drained` was told. */
  readonly pendingWhenDrained: number[] = []
  onOpened: (connection: Connection) => void = () => {}

  /** How often something was told, `received` counted by messages. */
  count(name: Told): number {
    return name === 'received'
      ? this.messages.length
      : this.told.filter((told) => told === name).length
  }

  opened(connection: Connection): void {
    this.told.push('opened')
    this.connection = connection
    this.onOpened(connection)
  }

  failed(error: NetworkError): void {
    this.told.push('failed')
    this.errors.push(error)
  }

  received(bytes: Uint8Array, type?: MessageType): void {
    if (this.told.at(-1) !== 'received') this.told.push('received')
    this.messages.push(bytes)
    this.types.push(type)
  }

  drained(): void {
    this.told.push('drained')
    this.pendingWhenDrained.push(this.connection?.pendingBytes ?? 0)
  }

  alive(): void {
    this.told.push('alive')
  }

  ended(reason: DisconnectReason): void {
    this.told.push('ended')
    this.reasons.push(reason)
  }
}
