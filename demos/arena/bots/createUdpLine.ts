import { createWorld, type World } from 'bitecs'
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
import { readServerMessage, type ServerMessage } from '../shared/serverMessages.ts'
import { type Line } from './Line.ts'
import { SightKeeper } from './SightKeeper.ts'

/** Opens a UDP socket for datagrams to and from the server. Throws an error with a message for the user if it cannot. */
export function createUdpLine(
  port: number,
  hear: (message: ServerMessage) => void,
  world: World = createWorld(),
): Line {
  const socket = createSocket(world, SocketType.udp)
  if (socket < 0) throw new Error(`a bot got no UDP socket: ${networkErrorName(socket)}`)
  const buffer = createBuffer(64, BufferKind.grow)
  const sights = new SightKeeper()
  onNetworking(world, socket, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    const message = readServerMessage(asyncLoad.buffer)
    if (message === undefined) return
    sights.hear(message)
    hear(message)
  })
  return {
    tick: () => NetworkSystem(world),
    look: () => sights.newest,
    send(message) {
      writeClientMessage(buffer, message)
      sendUdp(world, socket, '127.0.0.1', port, buffer, tellBuffer(buffer))
    },
    close: () => closeNetwork(world),
  }
}
