import type { EntityId } from 'bitecs'
import { type NetworkBuffer } from '../buffer/NetworkBuffer.ts'
import { type MessageType } from '../constants/MessageType.ts'
import { NetworkType } from '../constants/NetworkType.ts'
import { type EventMap, hasEnded, shareEventMap } from './EventMap.ts'

/** The peer that an event is about, and its socket. */
export interface EventSource {
  readonly entity: EntityId
  readonly ip: string
  readonly port: number
  /** The server of an accepted socket; of a UDP server's socket itself. */
  readonly server: { readonly entity: EntityId } | undefined
}

/**
 * One Networking event: GameMaker's `async_load`. `type` says which keys there are:
 *
 * ```ts
 * if (asyncLoad.type === NetworkType.data) readBuffer(asyncLoad.buffer, BufferType.string)
 * ```
 *
 * It lives until its event ends. Used later it throws a `FreedError`; `has` returns false and `keys` nothing.
 */
export type AsyncLoad = ConnectLoad | DisconnectLoad | NonBlockingConnectLoad | DataLoad

/** A client has connected to a server. `id` is the server, `socket` the client's entity here. */
export type ConnectLoad = SocketLoad<typeof NetworkType.connect>

/**
 * A client of a server is gone. `id` is the server, `socket` the client's entity, removed after the event.
 *
 * Reliable UDP: the peer at `ip` and `port` does not answer any more. `id` and `socket` are the UDP socket, which stays.
 */
export type DisconnectLoad = SocketLoad<typeof NetworkType.disconnect>

/** A client socket is connected (`succeeded` 1) or could not be (0). `id` and `socket` are the client socket. */
export type NonBlockingConnectLoad = SocketLoad<typeof NetworkType.nonBlockingConnect>

type SocketEventType = Exclude<NetworkType, typeof NetworkType.data>

const socketKeys = ['type', 'id', 'ip', 'port', 'socket', 'succeeded'] as const
const dataKeys = ['type', 'id', 'ip', 'port', 'buffer', 'size'] as const
const serverDataKeys = [...dataKeys, 'server'] as const
const messageKeys = [...dataKeys, 'message_type'] as const
const serverMessageKeys = [...serverDataKeys, 'message_type'] as const

/** A connect, disconnect or non-blocking connect event. */
export class SocketLoad<Type extends SocketEventType = SocketEventType> implements EventMap {
  declare readonly keyCount: EventMap['keyCount']
  declare readonly get: EventMap['get']
  declare readonly has: EventMap['has']
  declare readonly toJSON: EventMap['toJSON']
  #source: EventSource | undefined
  readonly #type: Type
  readonly #succeeded: 0 | 1

  constructor(type: Type, source: EventSource, succeeded: 0 | 1) {
    this.#source = source
    this.#type = type
    this.#succeeded = succeeded
  }

  get type(): Type {
    if (this.#source === undefined) hasEnded('type')
    return this.#type
  }

  /** The server, on a server's events; the client socket otherwise. */
  get id(): EntityId {
    const source = this.#source ?? hasEnded('id')
    return (source.server ?? source).entity
  }

  /** The peer's numeric address: on UDP the sender's; in a page the host of the URL. */
  get ip(): string {
    return (this.#source ?? hasEnded('ip')).ip
  }

  /** The peer's port: on UDP the sender's. */
  get port(): number {
    return (this.#source ?? hasEnded('port')).port
  }

  /** The socket that connected or is gone. */
  get socket(): EntityId {
    return (this.#source ?? hasEnded('socket')).entity
  }

  /** 1 for a connection, 0 for its failure or end. */
  get succeeded(): 0 | 1 {
    if (this.#source === undefined) hasEnded('succeeded')
    return this.#succeeded
  }

  /** The names of the keys: GameMaker's `ds_map_keys_to_array`. */
  keys(): readonly string[] {
    return this.#source === undefined ? [] : socketKeys
  }

  /** Ends the event. The library calls this. */
  static end(load: SocketLoad): void {
    load.#source = undefined
  }
}

/** A message has arrived. `id` is the socket it came through. */
export class DataLoad implements EventMap {
  declare readonly keyCount: EventMap['keyCount']
  declare readonly get: EventMap['get']
  declare readonly has: EventMap['has']
  declare readonly toJSON: EventMap['toJSON']
  #source: EventSource | undefined
  readonly #buffer: NetworkBuffer
  readonly #size: number
  readonly #messageType: MessageType | 0

  /** @param messageType 0 where messages have no type */
  constructor(
    source: EventSource,
    buffer: NetworkBuffer,
    size: number,
    messageType: MessageType | 0,
  ) {
    this.#source = source
    this.#buffer = buffer
    this.#size = size
    this.#messageType = messageType
  }

  get type(): typeof NetworkType.data {
    if (this.#source === undefined) hasEnded('type')
    return NetworkType.data
  }

  /** The socket that the message came through: on a server the client's, never the server. */
  get id(): EntityId {
    return (this.#source ?? hasEnded('id')).entity
  }

  /** The peer's numeric address: on UDP the sender's; in a page the host of the URL. */
  get ip(): string {
    return (this.#source ?? hasEnded('ip')).ip
  }

  /** The peer's port: on UDP the sender's. */
  get port(): number {
    return (this.#source ?? hasEnded('port')).port
  }

  /** The message, at position 0: kind grow, alignment 1. Freed when the event ends. */
  get buffer(): NetworkBuffer {
    if (this.#source === undefined) hasEnded('buffer')
    return this.#buffer
  }

  /** Bytes of the message. */
  get size(): number {
    if (this.#source === undefined) hasEnded('size')
    return this.#size
  }

  /** The server that accepted the socket, or the UDP server itself; not a key on a client's events. */
  get server(): EntityId | undefined {
    return (this.#source ?? hasEnded('server')).server?.entity
  }

  /** WebSocket: whether the message was binary or text. Not a key elsewhere. */
  get message_type(): MessageType | undefined {
    if (this.#source === undefined) hasEnded('message_type')
    return this.#messageType === 0 ? undefined : this.#messageType
  }

  /** The names of the keys: GameMaker's `ds_map_keys_to_array`. */
  keys(): readonly string[] {
    if (this.#source === undefined) return []
    const { server } = this.#source
    if (this.#messageType === 0) return server === undefined ? dataKeys : serverDataKeys
    return server === undefined ? messageKeys : serverMessageKeys
  }

  /** Puts the buffer's position to its start. The library calls this. */
  static rewind(load: DataLoad): void {
    load.#buffer.position = 0
  }

  /** Ends the event and frees its buffer. The library calls this. */
  static end(load: DataLoad): void {
    load.#source = undefined
    load.#buffer.memory = undefined
  }
}

shareEventMap(SocketLoad, DataLoad)

/** The next handler of an event reads its message from the beginning. */
export function rewind(load: AsyncLoad): void {
  if (load instanceof DataLoad) DataLoad.rewind(load)
}

/** Ends an event: its keys are gone and its buffer is freed. */
export function endAsyncLoad(load: AsyncLoad): void {
  if (load instanceof DataLoad) DataLoad.end(load)
  else SocketLoad.end(load)
}
