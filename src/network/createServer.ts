import { createDatagramSocket } from '#datagrams'
import { type EntityId, removeEntity, type World } from 'bitecs'
import { Socket } from '../../components/Socket.ts'
import { Listening } from '../../components/socketStates.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { SocketType } from '../constants/SocketType.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { type MalformedPolicy } from '../protocol/ByteStream.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import {
  type Certificate,
  type HttpServer,
  type WebSocketListenOptions,
} from '../transport/Transport.ts'
import { checkBytesMax, checkPem, checkPolicy, checkProtocol } from './checkSettings.ts'
import { type Network, networkOf } from './Network.ts'
import { NetworkServer } from './NetworkServer.ts'
import { createSocketEntity, removeSocketEntity, showSocket } from './socketEntities.ts'
import { isDatagrams, type TransportChoice, transportOf } from './transportOf.ts'
import { warn } from './Warner.ts'

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
  /** Largest message taken from a client, in bytes; a larger one ends its connection. Default 4 MiB. */
  readonly messageBytesMax?: number
  /** What becomes of bytes that are no packet. Default: the world's setting. */
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
 * With `host`, Node tells only later: the entity gets `Listening` and its port as soon as it can listen, or
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
  const transport = transportOf(where, network, type)
  checkInteger(where, 'port', port, 0, 65_535)
  if (typeof options !== 'object' || options === null)
    throw wrongType(where, 'options', 'an object such as { maxClients: 32 }', options)
  const {
    maxClients = Infinity,
    raw = false,
    host,
    messageBytesMax,
    malformed,
    certificate,
  } = options
  if (maxClients !== Infinity) checkInteger(where, 'maxClients', maxClients, 0, 2 ** 31)
  if (host !== undefined && (typeof host !== 'string' || host === ''))
    throw wrongType(where, 'host', 'an address', host)
  if (messageBytesMax !== undefined) checkBytesMax(where, messageBytesMax)
  if (malformed !== undefined) checkPolicy(where, malformed)
  if (certificate !== undefined) checkCertificate(where, certificate)
  const webSocket = webSocketOptions(where, network, options)
  if (transport === undefined) return NetworkError.unsupported
  const { config } = network
  if (isDatagrams(transport))
    return createDatagramSocket(network, transport, SocketRole.server, { port, host })

  const facts = { type: transport.type, role: SocketRole.server, raw, ip: host ?? '', port }
  const entity = createSocketEntity(network, facts)
  const server = new NetworkServer(network, transport, entity, maxClients, {
    raw,
    messageBytesMax: messageBytesMax ?? config.acceptedMessageBytesMax,
    sendQueueBytesMax: config.acceptedSendQueueBytesMax,
    malformed: malformed ?? config.malformed,
    gameId: 0,
  })
  const listener = transport.listen(
    {
      port,
      host,
      messageBytesMax: server.settings.messageBytesMax + (raw ? 0 : headerBytes),
      handshakeTimeoutMs: config.handshakeTimeoutMs,
      certificate,
      webSocket,
    },
    server,
  )
  if (typeof listener === 'number') {
    if (listener === NetworkError.unsupported) warnOfServer(network, transport.type)
    removeEntity(world, entity)
    return listener
  }
  server.listener = listener
  const store = Socket(world)
  store.port[entity] = listener.port
  store.localPort[entity] = listener.port
  try {
    showSocket(network, server, ...(listener.port === 0 ? [] : [Listening]))
  } catch (error) {
    // An observer of the user has thrown: the caller will not learn the entity.
    removeSocketEntity(network, entity, undefined)
    throw error
  }
  return entity
}

function webSocketOptions(
  where: string,
  network: Network,
  { http, path, origins, protocol = network.config.webSocketProtocol }: ServerOptions,
): WebSocketListenOptions {
  checkProtocol(where, 'protocol', protocol)
  if (path !== undefined && (typeof path !== 'string' || !path.startsWith('/')))
    throw wrongType(where, 'path', "a path that begins with '/'", path)
  if (origins !== undefined && !isTexts(origins))
    throw wrongType(where, 'origins', "an array such as ['https://example.org']", origins)
  if (http !== undefined && typeof http?.on !== 'function')
    throw wrongType(where, 'http', 'a server of node:http or node:https', http)
  return { http, path, origins, protocol }
}

/** Says why there is no such server. */
function warnOfServer(network: Network, type: SocketType): void {
  const reason =
    type === SocketType.wss
      ? 'a secure server needs the option certificate, and runs in Node only'
      : 'a page cannot listen'
  warn(network.warner, 'unsupported', `createServer: ${reason}`)
}

function checkCertificate(where: string, certificate: unknown): void {
  const { cert, key } = Object(certificate) as Partial<Certificate>
  checkPem(where, 'certificate.cert', cert)
  checkPem(where, 'certificate.key', key)
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}
