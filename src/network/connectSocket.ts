import { addComponent, type EntityId, removeComponent, type World } from 'bitecs'
import { Connected, Connecting, Disconnected } from '../../components/socketStates.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { checkPem, checkProtocol } from './checkSettings.ts'
import { findSocket } from './findSocket.ts'
import { networkOf } from './Network.ts'
import { NetworkSocket } from './NetworkSocket.ts'
import { resetStore } from './socketEntities.ts'

/** How `connectSocket` connects. */
export interface ConnectOptions {
  /** Raw mode, GameMaker's `network_connect_raw`: no handshake, no packet headers. */
  readonly raw?: boolean
  /**
   * Report by a non-blocking connect event too, as GameMaker's `network_connect_async`. Default: the world's
   * `nonBlocking` setting. Connecting again drops an outcome that no tick has told yet.
   */
  readonly async?: boolean
  /** Default: the world's `connectTimeoutMs`. */
  readonly timeoutMs?: number
  /** WebSocket: the sub-protocol to offer. Default: the world's `webSocketProtocol`. */
  readonly protocol?: string
  /** Secure WebSocket in Node: certificates in PEM to trust besides those of the platform. */
  readonly ca?: string | Uint8Array
}

/**
 * Connects a client socket to a server: GameMaker's `network_connect`. A socket whose connection has ended
 * can be connected again.
 *
 * The promise needs no tick: it is settled when the handshake is done, or has failed or taken too long. From
 * then on the entity has `Connected`, or `Disconnected`. It is never rejected for what the network does.
 *
 * @param host a name or a numeric address; for WebSocket also a URL such as `wss://example.org/game`
 * @param port 1..65535; for WebSocket also 0, the port of the URL, or 80 and 443
 * @returns the entity once it can send; or a negative `NetworkError`: `refused`, `timedOut`, `hostNotFound`, `unreachable`,
 * `handshakeFailed`, `connectionClosed`, `untrusted`, `tooManySockets`, `general`; `unknownSocket`, `wrongRole`,
 * `alreadyConnected` or `unsupported` for a socket that cannot connect. Browsers do not say why a connection failed: in a page
 * it is `connectionClosed` or `timedOut`
 * @throws RangeError or TypeError for wrong arguments, at once and not through the promise
 */
export function connectSocket(
  world: World,
  socket: EntityId,
  host: string,
  port: number,
  options: ConnectOptions = {},
): Promise<EntityId | NetworkError> {
  let settle: Settle | undefined
  const outcome = new Promise<EntityId | NetworkError>((resolve) => {
    settle = resolve
  })
  const begun = startConnecting('connectSocket', world, socket, host, port, options, settle!)
  return begun === 0 ? outcome : Promise.resolve(begun)
}

type Settle = (result: EntityId | NetworkError) => void

/**
 * Begins to connect, as `connectSocket`.
 *
 * @param settle gets the outcome, unless nothing could begin
 * @returns 0, or at once why nothing can begin
 */
export function startConnecting(
  where: string,
  world: World,
  socket: EntityId,
  host: string,
  port: number,
  options: ConnectOptions,
  settle: Settle,
): 0 | NetworkError {
  const network = networkOf(where, world)
  if (typeof host !== 'string' || host === '')
    throw wrongType(where, 'host', 'a name or an address', host)
  checkInteger(where, 'port', port, 0, 65_535)
  if (typeof options !== 'object' || options === null)
    throw wrongType(where, 'options', 'an object such as { raw: true }', options)
  const { config } = network
  const { raw = false, async = config.nonBlocking, timeoutMs = config.connectTimeoutMs } = options
  const { protocol = config.webSocketProtocol, ca } = options
  checkInteger(where, 'timeoutMs', timeoutMs, 1, 2 ** 31 - 1)
  checkProtocol(where, 'protocol', protocol)
  if (ca !== undefined) checkPem(where, 'ca', ca)

  const before = findSocket(where, network, socket)
  if (typeof before === 'number') return before
  if (!before.isMessages) checkInteger(where, 'port', port, 1, 65_535)
  if (before.role !== SocketRole.client) return NetworkError.wrongRole
  if (before.phase === 'connecting' || before.phase === 'open') return NetworkError.alreadyConnected

  const next = new NetworkSocket(network, before.transport, before.role, {
    raw,
    messageBytesMax: before.stream.messageBytesMax,
    sendQueueBytesMax: before.outbox.bytesMax,
    malformed: before.stream.malformed,
    gameId: config.gameId,
  })
  next.entity = socket
  next.avoidTimeWait = before.avoidTimeWait
  next.readTimeoutMs = before.readTimeoutMs
  next.writeStallMs = before.writeStallMs
  before.destroy()
  network.sockets.set(socket, next)

  resetStore(network, socket, raw)
  removeComponent(world, socket, Connected, Disconnected)
  if (network.sockets.get(socket) === next) addComponent(world, socket, Connecting)
  const { messageBytesMax } = next
  next.connect(
    { host, port, timeoutMs, messageBytesMax, protocol, ca },
    { resolve: settle, byEvent: async },
  )
  return 0
}
