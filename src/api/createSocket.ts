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
 * @param port UDP: the port to bind; 0 takes a free one, which then stands in `Socket(world).localPort[socket]`. Others
 * have none to choose: 0
 * @returns the entity; or `NetworkError.unsupported` where the platform has no such sockets,
 * `NetworkError.portUnavailable` if the port is taken
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
  if (port !== 0) return refusePort(where, network.warner)
  const { config } = network
  const mode = { raw: false, gameId: config.gameId }
  const socket = new ConnectionSocket(network, transport, createSettings(config, 'client'), mode)
  return addSocketOrThrow(network, socket, { type: transport.type, role, raw: false })
}
