import type { EntityId, World } from 'bitecs'
import { Connected, Connecting, Disconnected } from '../../components/stateTags.ts'
import { checkConnectTypes } from '../config/checkConnectTypes.ts'
import { type ConnectOptions, connectOptionChecks } from '../config/ConnectOptions.ts'
import { transportOptions } from '../config/transportOptions.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { checkHost, checkInteger } from '../errors/argumentErrors.ts'
import { checkOptions } from '../errors/checkOptions.ts'
import { type Network } from '../network/Network.ts'
import { networkOf } from '../network/networkOf.ts'
import { beginRow, changeState } from '../network/socketEntities.ts'
import { ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { refuseTarget } from '../warnings/warnOfCalls.ts'

/**
 * Connects a client socket to a server: GameMaker's `network_connect`. A socket whose connection has ended
 * can be connected again.
 *
 * The promise needs no tick: it is settled when the handshake is done, or has failed or taken too long. From
 * then on the entity has `Connected`, or `Disconnected`. It is never rejected for what the network does.
 *
 * A UDP socket only remembers the host, in place of a former one, and looks a name up: `sendPacket` and `sendRaw` send there
 * from now on, as `sendUdp` and `sendUdpRaw`. It receives from everybody as before, and is not told whether the host is there.
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
  checkHost(where, host)
  checkInteger(where, 'port', port, 0, 65_535)
  checkOptions(where, 'option', options, connectOptionChecks)
  const { async: byEvent = network.config.nonBlocking } = options
  const attempt = { resolve: settle, byEvent }
  const before = network.sockets.get(socket)
  if (before?.kind === 'datagram' && !before.isServer) {
    before.connect(where, host, port, options, attempt)
    changeState(network, before, [Connected, Disconnected], Connecting)
    return 0
  }
  if (before?.kind !== 'connection')
    return refuseTarget(where, network.warner, socket, before?.kind, 'connection')
  const { type } = before.transport
  if (network.transports.get(type) === before.transport) checkConnectTypes(where, type, options)
  if (!before.isMessages) checkInteger(where, 'port', port, 1, 65_535)
  if (before.role !== SocketRole.client) return NetworkError.wrongRole
  if (before.phase === 'connecting' || before.phase === 'open') return NetworkError.alreadyConnected
  const next = replaceConnection(network, before, options.raw === true)
  next.connect(transportOptions(network, next.settings, host, port, options), attempt)
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
