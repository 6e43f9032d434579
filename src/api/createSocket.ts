import { createDatagramSocket } from '#datagrams'
import type { EntityId, World } from 'bitecs'
import { createSettings } from '../config/SocketSettings.ts'
import { refusePort } from '../warnings/warnOfCalls.ts'
import { NetworkError } from '../constants/NetworkError.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { type SocketType } from '../constants/SocketType.ts'
import { checkInteger } from '../errors/argumentErrors.ts'
import { networkOf } from '../network/networkOf.ts'
import { addSocketOrThrow } from '../network/socketEntities.ts'
import { chooseTransport, isDatagramTransport } from '../config/TransportTable.ts'
import { ConnectionSocket } from '../socket/ConnectionSocket.ts'
import { type DatagramTransport } from '../transport/DatagramTransport.ts'
import { type Transport } from '../transport/Transport.ts'

/**
 * Makes a client socket: an entity with `Socket`, not connected yet. GameMaker's `network_create_socket`, and with a
 * port `network_create_socket_ext`.
 *
 * A UDP socket is bound at once and has `Listening`: it can send and receive.
 *
 * @param type a `SocketType`, or a transport such as `createMemoryTransport()`
 * @param port of this side, not of the server; 0 takes a free one, and `Socket(world).localPort[socket]` shows it. UDP binds
 * it now, TCP and WebSocket in Node when they connect
 * @returns the entity; or `NetworkError.unsupported` where the platform has no such sockets, or no choice of the port as a
 * page; `NetworkError.portUnavailable` if the port is taken, which TCP and WebSocket notice when they connect
 */
export function createSocket(
  world: World,
  type: SocketType | Transport | DatagramTransport,
  port: number = 0,
): EntityId | NetworkError {
  const where = 'createSocket'
  const network = networkOf(where, world)
  const transport = chooseTransport(where, network.transports, network.warner, type)
  checkInteger(where, 'port', port, 0, 65_535)
  if (transport === undefined) return NetworkError.unsupported
  const role = SocketRole.client
  if (isDatagramTransport(transport))
    return createDatagramSocket(network, transport, role, { port })
  const { type: kind, capabilities } = transport
  if (port !== 0 && capabilities.localPort !== true) return refusePort(where, network.warner)
  const { config } = network
  const settings = createSettings(config, 'client', { localPort: port })
  const mode = { raw: false, gameId: config.gameId }
  const socket = new ConnectionSocket(network, transport, settings, mode)
  return addSocketOrThrow(network, socket, { type: kind, role, raw: false, localPort: port })
}
