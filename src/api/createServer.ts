import { createDatagramSocket } from '#datagrams'
import { type EntityId, removeEntity, type World } from 'bitecs'
import { Listening } from '../../components/stateTags.ts'
import {
  checkBoolean,
  checkPem,
  checkPolicy,
  checkProtocol,
  integerIn,
  limitIn,
} from '../errors/optionChecks.ts'
import { createSettings } from '../config/SocketSettings.ts'
import { warn } from '../config/Warner.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { SocketType } from '../constants/SocketType.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { checkOptions, type OptionTable } from '../errors/checkOptions.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { listenerWorld } from '../network/listenerWorld.ts'
import { createSocketEntity, removeSocketEntity, showSocket } from '../network/socketEntities.ts'
import {
  chooseTransport,
  isDatagramTransport,
  type TransportChoice,
} from '../network/TransportTable.ts'
import { type MalformedPolicy } from '../protocol/ByteStream.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import { ListenerSocket } from '../socket/ListenerSocket.ts'
import {
  type Certificate,
  type HttpServer,
  type ListenOptions,
  type Transport,
} from '../transport/Transport.ts'

/** How `createServer` listens. */
export interface ServerOptions {
  /** Connections at one time; what is more is closed at once, without an event. Default: no limit. */
  readonly maxClients?: number
  /** Raw mode, GameMaker's `network_create_server_raw`: no handshake, no packet headers. */
  readonly raw?: boolean
  /**
   * The numeric address to listen on, for example `'127.0.0.1'` to be reached from this machine only.
   * Default: all addresses, IPv6 and IPv4.
   */
  readonly host?: string
  /** Largest message taken from a client, in bytes; a larger one ends its connection. Default: the world's
   * `acceptedMessageBytesMax`, 4 MiB. */
  readonly messageBytesMax?: number
  /** What happens to bytes that are not a packet. Default: the world's setting. */
  readonly malformed?: MalformedPolicy
  /** `SocketType.wss` in Node: the server's certificate chain and its private key, in PEM. */
  readonly certificate?: Certificate
  /**
   * WebSocket: an HTTP or HTTPS server of yours to share, instead of a port of its own: give port 0. It goes on when
   * this server is removed.
   */
  readonly http?: HttpServer
  /** WebSocket: the path that clients must ask for, for example `'/game'`. Default: any. */
  readonly path?: string
  /**
   * WebSocket: pages of these origins only, for example `['https://example.org']`. Default: of all. Programs that are no
   * pages send no origin and are let in.
   */
  readonly origins?: readonly string[]
  /** WebSocket: the sub-protocol to choose. Default: the world's `webSocketProtocol`, or what a client offers first. */
  readonly protocol?: string
}

/** The values are checked apart, since neither may be missing. */
const certificateChecks: OptionTable<Certificate> = { cert() {}, key() {} }

const optionChecks: OptionTable<ServerOptions> = {
  maxClients: limitIn(0, 2 ** 31),
  raw: checkBoolean,
  host(where, name, value) {
    if (typeof value !== 'string' || value === '') throw wrongType(where, name, 'an address', value)
  },
  messageBytesMax: integerIn(0),
  malformed: checkPolicy,
  certificate(where, name, value) {
    if (typeof value !== 'object' || value === null)
      throw wrongType(where, name, 'an object such as { cert, key }', value)
    const certificate = value as Partial<Certificate>
    checkOptions(where, `${name} option`, certificate, certificateChecks)
    checkPem(where, `${name}.cert`, certificate.cert)
    checkPem(where, `${name}.key`, certificate.key)
  },
  http(where, name, value) {
    if (typeof (value as Partial<HttpServer> | null)?.on !== 'function')
      throw wrongType(where, name, 'a server of node:http or node:https', value)
  },
  path(where, name, value) {
    if (typeof value !== 'string' || !value.startsWith('/'))
      throw wrongType(where, name, "a path that begins with '/'", value)
  },
  origins(where, name, value) {
    if (!Array.isArray(value) || !value.every((text) => typeof text === 'string'))
      throw wrongType(where, name, "an array such as ['https://example.org']", value)
  },
  protocol: checkProtocol,
}

/**
 * Makes a server: an entity with `Socket` and `Listening`. GameMaker's `network_create_server`.
 *
 * Each client that connects becomes an entity of its own at a tick, with `Socket`, `Connected` and
 * `AcceptedBy(server)`, and a connect event. Removing the server's entity closes them all.
 *
 * A UDP server only binds its port: it has no clients and no connect events. Its entity gets the data events, with the
 * sender's `ip` and `port`.
 *
 * @param type a `SocketType`, or a transport such as `createMemoryTransport()`
 * @param port 0..65535; 0 takes a free one, which then stands in `Socket(world).port[server]`
 * @returns the server's entity; or a negative `NetworkError` at once, `portUnavailable` if the port is taken.
 * With `host`, Node answers later: the entity gets `Listening` and its port as soon as it can listen, or
 * `Disconnected` and the code in `Socket(world).connectError[server]`
 * @throws RangeError for a port out of range, TypeError for arguments of a wrong type
 */
export function createServer(
  world: World,
  type: TransportChoice,
  port: number,
  options: ServerOptions = {},
): EntityId | NetworkError {
  const where = 'createServer'
  const network = networkOf(where, world)
  const transport = chooseTransport(where, network.transports, network.warner, type)
  checkInteger(where, 'port', port, 0, 65_535)
  checkOptions(where, 'option', options, optionChecks)
  if (transport === undefined) return NetworkError.unsupported
  if (isDatagramTransport(transport)) {
    const { host } = options
    return createDatagramSocket(network, transport, SocketRole.server, { port, host })
  }
  const server = addServer(network, transport, port, options)
  const listener = transport.listen(listenOptions(network, server, port, options), server)
  if (typeof listener === 'number') {
    if (listener === NetworkError.unsupported) warnOfServer(network, transport.type)
    removeEntity(world, server.entity)
    return listener
  }
  server.listener = listener
  showServer(network, server, listener.port)
  return server.entity
}

/** Makes the entity of a server and what stands behind it. */
function addServer(
  network: Network,
  transport: Transport,
  port: number,
  { raw = false, host = '', maxClients = Infinity, messageBytesMax, malformed }: ServerOptions,
): ListenerSocket {
  const facts = { type: transport.type, role: SocketRole.server, raw, ip: host, port }
  const entity = createSocketEntity(network, facts)
  const settings = createSettings(network.config, 'accepted')
  if (messageBytesMax !== undefined) settings.messageBytesMax = messageBytesMax
  if (malformed !== undefined) settings.malformed = malformed
  const hooks = listenerWorld(network)
  return new ListenerSocket(network, transport, entity, { maxClients, raw }, settings, hooks)
}

function listenOptions(
  { config }: Network,
  { settings }: ListenerSocket,
  port: number,
  { raw = false, host, certificate, http, path, origins, protocol }: ServerOptions,
): ListenOptions {
  return {
    port,
    host,
    messageBytesMax: settings.messageBytesMax + (raw ? 0 : headerBytes),
    handshakeTimeoutMs: config.handshakeTimeoutMs,
    certificate,
    webSocket: { http, path, origins, protocol: protocol ?? config.webSocketProtocol },
  }
}

/** Shows a server to the world, as listening if its port is known already. */
function showServer(network: Network, server: ListenerSocket, port: number): void {
  const { entity } = server
  network.store.port[entity] = port
  network.store.localPort[entity] = port
  try {
    showSocket(network, server, ...(port === 0 ? [] : [Listening]))
  } catch (error) {
    // An observer of the user has thrown: the caller will not learn the entity.
    removeSocketEntity(network, entity)
    throw error
  }
}

/** Warns with the reason why there is no such server. */
function warnOfServer(network: Network, type: SocketType): void {
  const reason =
    type === SocketType.wss
      ? 'a secure server needs the option certificate, and Node'
      : 'a page cannot listen'
  warn(network.warner, 'unsupported', `createServer: ${reason}`)
}
