import type { EntityId, World } from 'bitecs'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type EventQueue } from '../event/EventQueue.ts'
import { type TickEvents } from '../event/TickEvents.ts'
import { type ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { type ListenerSocket } from '../socket/ListenerSocket.ts'
import { type ConnectingSocket, type SocketHost } from '../socket/SocketHost.ts'
import { type DatagramSocket } from '../socket/udp/DatagramSocket.ts'
import { type Subscriptions } from './Subscriptions.ts'
import { type Traffic } from '../traffic/TrafficObserver.ts'
import { type TransportTable } from '../config/TransportTable.ts'
import { type BindOptions, type DatagramTransport } from '../transport/DatagramTransport.ts'

/** A socket that events arrive for. */
export type EventfulSocket = ConnectionSocket | DatagramSocket

/** What an entity with `Socket` can be. */
export type AnySocket = EventfulSocket | ListenerSocket

/** Everything that the library keeps of one world. Its sockets see only the `SocketHost` in it. */
export interface Network extends SocketHost {
  readonly world: World
  readonly queue: EventQueue<EventfulSocket>
  readonly tickEvents: TickEvents<EventfulSocket>
  /** By entity. An entry goes with its `Socket` component, so a recycled id never finds an old socket. */
  readonly sockets: Map<EntityId, AnySocket>
  /** Client sockets whose outcome of connecting the world does not show yet. */
  connected: ConnectingSocket[]
  /** Cancels the warning that no tick takes what waits; `undefined` while it is not due. */
  cancelTickWarning: (() => void) | undefined
  readonly subscriptions: Subscriptions
  /** `undefined` without observers. */
  traffic: Traffic | undefined
  /** Notes where ticks begin and end; `undefined` unless the world is recorded or replayed. */
  recorder: { begin(): void; received(): void; end(): void } | undefined
  /** What carries each type of socket. */
  readonly transports: TransportTable
  /** Where the build has no code for UDP sockets: what makes them, if something has brought it. */
  bindDatagrams: BindDatagrams | undefined
}

/** Binds a port and makes its entity, as `createServer` and `createSocket` do for UDP. */
export type BindDatagrams = (
  network: Network,
  transport: DatagramTransport,
  role: DatagramSocket['role'],
  options: BindOptions,
  messageBytesMax?: number,
) => EntityId | NetworkError
