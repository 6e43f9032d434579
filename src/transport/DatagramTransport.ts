import { type NetworkError } from '../constants/NetworkError.ts'
import { type SocketType } from '../constants/SocketType.ts'
import { type TransportCapabilities } from './Transport.ts'

/** Moves single datagrams between addresses, without connections. */
export interface DatagramTransport {
  readonly type: SocketType
  readonly capabilities: TransportCapabilities
  /** Takes a port. Answers at once whether it can. */
  bind(options: BindOptions, events: DatagramEvents): DatagramEndpoint | NetworkError
}

/** Where a datagram transport binds an endpoint. */
export interface BindOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** The numeric address to bind. Without it: all addresses, IPv6 and IPv4. */
  readonly host?: string | undefined
}

/** What an endpoint tells, until it is closed. */
export interface DatagramEvents {
  /**
   * A datagram has arrived; the bytes are the receiver's from now on.
   *
   * @param ip the sender's numeric address, an IPv4 address never in IPv6 form
   */
  received(bytes: Uint8Array, ip: string, port: number): void
  /** A datagram could not leave, though `send` took it. */
  undelivered(error: NetworkError): void
  /** Something that whoever runs the program should know, such as why a port cannot be bound. */
  warned?(message: string): void
}

/** A bound port. */
export interface DatagramEndpoint {
  readonly localPort: number
  /** Bytes sent that the operating system has not taken yet. */
  readonly pendingBytes: number
  /** Datagrams sent that the operating system has not taken yet: an empty one has no bytes. Without it: 0. */
  readonly pendingCount?: number
  /** Whether it has the family of a numeric address. Without it: all addresses are the same to it. */
  reaches?(ip: string): boolean
  /**
   * Sends one datagram. The bytes must not change any more.
   *
   * @param ip a numeric address
   * @returns 0, or a negative `NetworkError` if it cannot leave: `tooLarge`, or `unreachable` for an address of a family
   * that the endpoint does not have
   */
  send(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError
  /**
   * Sends one datagram to the directed broadcast address of each IPv4 network of this machine, and, after
   * `setMulticast(true)`, to the IPv6 all-nodes group FF02::1 on every interface.
   *
   * @returns how many it was sent to, or a negative `NetworkError`: `unreachable` if there is none
   */
  broadcast(bytes: Uint8Array, port: number): number | NetworkError
  /** Joins or leaves the IPv6 all-nodes group FF02::1 on every interface. */
  setMulticast(isOn: boolean): void
  /** Nothing is told any more. What was sent still leaves. */
  close(): void
}
