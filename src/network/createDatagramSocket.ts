import { type EntityId } from 'bitecs'
import { Listening } from '../../components/socketStates.ts'
import { type NetworkError } from '../constants/NetworkError.ts'
import { type BindOptions, type DatagramTransport } from '../transport/DatagramTransport.ts'
import { DatagramSocket } from './DatagramSocket.ts'
import { type Network } from './Network.ts'
import { createSocketEntity, removeSocketEntity, showSocket } from './socketEntities.ts'

/** Binds a port and makes its entity: a UDP server, or a UDP client socket. */
export function createDatagramSocket(
  network: Network,
  transport: DatagramTransport,
  role: DatagramSocket['role'],
  options: BindOptions,
): EntityId | NetworkError {
  const socket = new DatagramSocket(network, role)
  const endpoint = transport.bind(options, socket)
  if (typeof endpoint === 'number') return endpoint
  socket.endpoint = endpoint
  const { localPort } = endpoint
  const facts = { type: transport.type, role, raw: false, ip: options.host ?? '' }
  const entity = createSocketEntity(network, { ...facts, port: localPort, localPort })
  socket.entity = entity
  try {
    showSocket(network, socket, Listening)
  } catch (error) {
    // An observer of the user has thrown: the caller will not learn the entity.
    removeSocketEntity(network, entity, undefined)
    throw error
  }
  return entity
}
