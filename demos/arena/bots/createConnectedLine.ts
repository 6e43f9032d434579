import { createWorld } from 'bitecs'
import {
  BufferKind,
  closeNetwork,
  connectSocket,
  createBuffer,
  createSocket,
  networkErrorName,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  type SocketType,
  tellBuffer,
} from 'bitecs-networking'
import { writeClientMessage } from '../shared/clientMessages.ts'
import { type ServerMessage } from '../shared/serverMessages.ts'
import { hearBuffer, type Line, type LineOptions } from './Line.ts'

/**
 * Connects to the server over TCP, or over WebSocket where `host` is a URL. Rejects with a message for the user when that
 * fails.
 */
export async function createConnectedLine(
  type: typeof SocketType.tcp | typeof SocketType.ws,
  host: string,
  port: number,
  hear: (message: ServerMessage) => void,
  options: LineOptions = {},
): Promise<Line> {
  const { world = createWorld() } = options
  const socket = createSocket(world, type)
  const buffer = createBuffer(64, BufferKind.grow)
  onNetworking(world, socket, (_world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.data) hearBuffer(asyncLoad.buffer, hear, options)
  })
  const result = await connectSocket(world, socket, host, port)
  if (result < 0) {
    closeNetwork(world)
    throw new Error(`a bot could not connect to ${host} ${port}: ${networkErrorName(result)}`)
  }
  return {
    tick: () => NetworkSystem(world),
    send(message) {
      writeClientMessage(buffer, message)
      sendPacket(world, socket, buffer, tellBuffer(buffer))
    },
    close: () => closeNetwork(world),
  }
}
