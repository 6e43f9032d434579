import type { EntityId, World } from 'bitecs'
import { Connected, Connecting, Disconnected } from '../../components/stateTags.ts'
import { checkOptionTypes, connectOptionTypes } from '../config/checkOptionTypes.ts'
import { type ConnectOptions, connectOptionChecks } from '../config/ConnectOptions.ts'
import { minuteMs, warn } from '../warnings/Warner.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { checkInteger, wrongType } from '../errors/argumentErrors.ts'
import { checkOptions } from '../errors/checkOptions.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { beginRow, changeState } from '../network/socketEntities.ts'
import { headerBytes } from '../protocol/packetHeader.ts'
import { ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { findSocket } from './findSocket.ts'

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
 * `alreadyConnected` or `unsupported` for a socket that cannot connect. A full server is `refused` over WebSocket,
 * `connectionClosed` over TCP. Browsers do not say why a connection failed: in a page it is `connectionClosed` or `timedOut`
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
  checkOptions(where, 'option', options, connectOptionChecks)
  const before = findSocket(where, network, socket, 'connection')
  if (typeof before === 'number') return before
  const { type } = before.transport
  if (network.transports.get(type) === before.transport)
    checkOptionTypes(where, type, options, connectOptionTypes)
  if (!before.isMessages) checkInteger(where, 'port', port, 1, 65_535)
  if (before.role !== SocketRole.client) return NetworkError.wrongRole
  if (before.phase === 'connecting' || before.phase === 'open') return NetworkError.alreadyConnected

  const { config } = network
  const { raw = false, async: byEvent = config.nonBlocking, ca } = options
  const { timeoutMs = config.connectTimeoutMs, protocol = config.webSocketProtocol } = options
  const next = replaceConnection(network, before, raw)
  // What an event of a failure says.
  next.ip = host
  next.port = port
  // A packet has its header.
  const { localPort } = next.settings
  const messageBytesMax = next.settings.messageBytesMax + (raw ? 0 : headerBytes)
  const warned = (message: string): void => warn(network.warner, 'connection', message, minuteMs)
  next.connect(
    { host, port, localPort, timeoutMs, messageBytesMax, protocol, ca, warned },
    { resolve: settle, byEvent },
  )
  return 0
}

/** A client socket that connects gets a new connection, so nothing of the former one can reach it. */
function replaceConnection(
  network: Network,
  before: ConnectionSocket,
  raw: boolean,
): ConnectionSocket {
  const { config, sockets } = network
  const { transport, settings, entity, role } = before
  const next = new ConnectionSocket(network, transport, settings, { raw, gameId: config.gameId })
  next.entity = entity
  before.destroy()
  sockets.set(entity, next)
  beginRow(network, next, { type: transport.type, role, raw, localPort: settings.localPort })
  changeState(network, next, [Connected, Disconnected], Connecting)
  return next
}
