import type { EntityId } from 'bitecs'
import { Listening } from '../../components/stateTags.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { hostNamesOf } from '../network/hostNamesOf.ts'
import { type Network } from '../network/Network.ts'
import { addSocketOrThrow } from '../network/socketEntities.ts'
import { DatagramSocket } from '../socket/udp/DatagramSocket.ts'
import { type BindOptions, type DatagramTransport } from '../transport/DatagramTransport.ts'

/**
 * Binds a port and makes its entity: a UDP server, or a UDP client socket.
 *
 * @param messageBytesMax largest message taken; without it what the socket carries
 */
export function bindDatagramSocket(
  network: Network,
  transport: DatagramTransport,
  role: DatagramSocket['role'],
  options: BindOptions,
  messageBytesMax?: number,
): EntityId | NetworkError {
  const socket = new DatagramSocket(network, role, messageBytesMax)
  const endpoint = transport.bind(options, socket)
  if (typeof endpoint === 'number') {
    // Nothing that a transport still emits may reach the world: it has no entity.
    socket.isDestroyed = true
    return endpoint
  }
  const { localPort } = endpoint
  socket.endpoint = endpoint
  socket.localPort = localPort
  hostNamesOf(network)
  const facts = { type: transport.type, role, raw: false, ip: options.host ?? '' }
  return addSocketOrThrow(network, socket, { ...facts, port: localPort, localPort }, Listening)
}
