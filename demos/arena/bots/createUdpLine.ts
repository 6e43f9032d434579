import { createWorld } from 'bitecs'
import {
  BufferKind,
  closeNetwork,
  createBuffer,
  createSocket,
  networkErrorName,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendUdp,
  SocketType,
  tellBuffer,
} from 'bitecs-networking'
import { writeClientMessage } from '../shared/clientMessages.ts'
import { type ServerMessage } from '../shared/serverMessages.ts'
import { hearBuffer, type Line, type LineOptions } from './Line.ts'

/** Opens a UDP socket for datagrams to and from the server. Throws an error with a message for the user if it cannot. */
export function createUdpLine(
  port: number,
  hear: (message: ServerMessage) => void,
  options: LineOptions = {},
): Line {
  const { world = createWorld() } = options
  const socket = createSocket(world, SocketType.udp)
  if (socket < 0) throw new Error(`a bot got no UDP socket: ${networkErrorName(socket)}`)
  const buffer = createBuffer(64, BufferKind.grow)
  onNetworking(world, socket, (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.data) hearBuffer(asyncLoad.buffer, hear, options)
  })
  return {
    tick: () => NetworkSystem(world),
    send(message) {
      writeClientMessage(buffer, message)
      sendUdp(world, socket, '127.0.0.1', port, buffer, tellBuffer(buffer))
    },
    close: () => closeNetwork(world),
  }
}
