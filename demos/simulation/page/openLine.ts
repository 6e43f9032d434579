import { createWorld, hasComponent, type World } from 'bitecs'
import {
  BufferKind,
  closeNetwork,
  connectSocket,
  createBuffer,
  createSocket,
  Disconnected,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  sendUdp,
  SocketType,
  tellBuffer,
} from 'bitecs-networking'
import { type MemoryNetwork } from 'bitecs-networking/simulation'
import { type Line } from '../../arena/bots/Line.ts'
import { writeClientMessage } from '../../arena/shared/clientMessages.ts'
import { readServerMessage, type ServerMessage } from '../../arena/shared/serverMessages.ts'
import { ports } from './openArena.ts'

/** The kinds of socket that a player can have. */
export type LineType = keyof typeof ports

/** A player's line to the server, in a world of its own. */
export interface PlayerLine extends Line {
  /** Whose links have conditions. */
  readonly world: World
  /** Its connection has ended, or could not be made. */
  hasEnded(): boolean
}

/** Joins a new world to the network and opens a socket in it. What is sent before it is connected is lost. */
export function openLine(
  network: MemoryNetwork,
  type: LineType,
  hear: (message: ServerMessage) => void,
): PlayerLine {
  const world = createWorld()
  network.join(world)
  const socket = createSocket(world, SocketType[type])
  const buffer = createBuffer(64, BufferKind.grow)
  onNetworking(world, socket, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    const message = readServerMessage(asyncLoad.buffer)
    if (message !== undefined) hear(message)
  })
  const host = type === 'ws' ? 'ws://localhost/arena' : '127.0.0.1'
  if (type !== 'udp') void connectSocket(world, socket, host, ports[type], { timeoutMs: 10_000 })
  return {
    world,
    tick: () => NetworkSystem(world),
    send(message) {
      writeClientMessage(buffer, message)
      const size = tellBuffer(buffer)
      if (type === 'udp') sendUdp(world, socket, host, ports.udp, buffer, size)
      else sendPacket(world, socket, buffer, size)
    },
    close: () => closeNetwork(world),
    hasEnded: () => hasComponent(world, socket, Disconnected),
  }
}
