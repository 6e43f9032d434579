import { type NetworkError } from '../constants/NetworkError.ts'
import { type DisconnectReason } from '../constants/DisconnectReason.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { type DatagramEvents } from '../transport/DatagramTransport.ts'
import { type ConnectionEvents, type ListenerEvents } from '../transport/Transport.ts'
import { type Entry } from './entries.ts'
import { type ReplayConnection } from './ReplayConnection.ts'

/** A connection of the replay, and the part of the program that it is for. */
export interface ReplayedStream {
  readonly connection: ReplayConnection
  readonly events: ConnectionEvents
  readonly warned: ((message: string) => void) | undefined
}

/** What the inputs of a replay are for, by the number of what a transport has made. */
export class ReplayTargets {
  readonly streams: Map<number, ReplayedStream> = new Map()
  readonly listeners: Map<number, ListenerEvents> = new Map()
  readonly endpoints: Map<number, DatagramEvents> = new Map()
  readonly #ports = new Map<number, number>()

  /** The entity of the socket behind a number, if it has one. */
  entityOf(id: number): number | undefined {
    const { streams, listeners, endpoints } = this
    const events: unknown = streams.get(id)?.events ?? listeners.get(id) ?? endpoints.get(id)
    const { entity = -1 } = Object(events) as { entity?: number }
    return entity < 0 ? undefined : entity
  }

  /** The port of a listener that was not bound at once. */
  portOf(id: number): number {
    return this.#ports.get(id) ?? 0
  }

  /** Lets happen what is an input of a stream, a listener or an endpoint. What has no target any more is dropped. */
  deliver(entry: Entry): void {
    if ('id' in entry && this.endpoints.has(entry.id)) this.#toEndpoint(entry)
    else if ('id' in entry && this.listeners.has(entry.id)) this.#toListener(entry)
    else this.#toStream(entry)
  }

  /** A new connection has come to a listener. */
  accept(by: number, id: number, connection: ReplayConnection): void {
    const events = this.listeners.get(by)?.accepted(connection)
    if (events !== undefined) this.streams.set(id, { connection, events, warned: undefined })
  }

  #toStream(entry: Entry): void {
    const stream = 'id' in entry ? this.streams.get(entry.id) : undefined
    if (stream === undefined) return
    const { connection, events, warned } = stream
    switch (entry.name) {
      case 'opened':
        connection.open(entry.ip, entry.ports, entry.abilities)
        return events.opened(connection)
      case 'failed':
        return events.failed(entry.error as NetworkError)
      case 'received':
        return events.received(
          entry.bytes.slice(),
          entry.type === 0 ? undefined : (entry.type as MessageType),
        )
      case 'receivedFrames': {
        const bytes = entry.bytes.slice()
        events.receivedFrames?.(bytes, new DataView(bytes.buffer), entry.count)
        return
      }
      case 'drained':
        return events.drained()
      case 'alive':
        return events.alive()
      case 'ended':
        return events.ended(entry.reason as DisconnectReason)
      case 'warned':
        return warned?.(entry.message)
      default:
    }
  }

  #toListener(entry: Entry): void {
    if (!('id' in entry)) return
    const events = this.listeners.get(entry.id)
    switch (entry.name) {
      case 'refuses':
        events?.refuses?.()
        return
      case 'listening':
        this.#ports.set(entry.id, entry.port)
        return events?.listening()
      case 'failed':
        return events?.failed(entry.error as NetworkError)
      case 'rejected':
        return events?.rejected()
      case 'warned':
        return entry.kind === ''
          ? events?.warned(entry.message)
          : events?.warned(entry.message, entry.kind)
      default:
    }
  }

  #toEndpoint(entry: Entry): void {
    if (!('id' in entry)) return
    const events = this.endpoints.get(entry.id)
    if (entry.name === 'datagram') events?.received(entry.bytes.slice(), entry.ip, entry.port)
    else if (entry.name === 'undelivered') events?.undelivered(entry.error as NetworkError)
    else if (entry.name === 'warned') events?.warned?.(entry.message)
  }
}
