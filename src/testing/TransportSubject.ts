import { platformTransports } from '#platform'
import {
  type ConnectOptions,
  type DatagramTransport,
  type ServerOptions,
  type Transport,
  type TransportCapabilities,
  type TransportChoice,
} from '../index.ts'

/** What the suite is to try, and how. */
export interface TransportSubject {
  /** For messages: `'TCP'`. */
  readonly name: string
  /** A transport, or the `SocketType` of one that this platform has. */
  readonly transport: TransportChoice
  /** What is held against it. Default: what the transport says; with `reliable` what reliable UDP adds. */
  readonly capabilities?: TransportCapabilities
  /** Where clients find a server of the transport. Default `'127.0.0.1'`; WebSocket may take a URL. */
  readonly host?: string
  /** What servers need besides, for example a certificate. */
  readonly server?: Pick<ServerOptions, 'certificate' | 'host' | 'origins' | 'path' | 'protocol'>
  /** What clients need besides, for example a certificate to trust. */
  readonly connect?: Pick<ConnectOptions, 'ca' | 'protocol'>
  /** Datagrams: tries `sendUdp` with this setting instead of the bare transport. */
  readonly reliable?: boolean | 'ordered'
  /** How long something that has to happen may take, in milliseconds. Default 10,000. */
  readonly patienceMs?: number
}

/** A subject with nothing left open. */
export interface Subject {
  readonly name: string
  readonly transport: Transport | DatagramTransport
  readonly capabilities: TransportCapabilities
  readonly host: string
  /** The address that both ends must show; `undefined` where `host` is none. */
  readonly ip: string | undefined
  readonly server: NonNullable<TransportSubject['server']>
  readonly connect: NonNullable<TransportSubject['connect']>
  readonly reliable: boolean | 'ordered'
  readonly patienceMs: number
}

/** Messages are tried up to this size, in bytes; also the limit of reliable UDP. */
export const largestTried: number = 1024 * 1024

/** @throws Error if the platform has no transport of the type */
export function resolveSubject(subject: TransportSubject): Subject {
  const { name, host = '127.0.0.1', server = {}, connect = {}, reliable = false } = subject
  const transport = findTransport(subject)
  const own = transport.capabilities
  const ofReliable = {
    ...own,
    ordered: reliable === 'ordered',
    reliable: true,
    messageBytesMax: largestTried,
  }
  return {
    name,
    transport,
    capabilities: subject.capabilities ?? (reliable === false ? own : ofReliable),
    host,
    ip: /^[\d.]+$|^[\da-f.]*:[\da-f.:]*$/i.test(host) ? host : undefined,
    server,
    connect,
    reliable,
    patienceMs: subject.patienceMs ?? 10_000,
  }
}

function findTransport({ name, transport }: TransportSubject): Transport | DatagramTransport {
  if (typeof transport === 'object') return transport
  const found = platformTransports.find(({ type }) => type === transport)
  if (found === undefined) throw new Error(`${name}: this platform has no sockets of this type`)
  return found
}

export function isDatagrams(
  transport: Transport | DatagramTransport,
): transport is DatagramTransport {
  return 'bind' in transport
}
