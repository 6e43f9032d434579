// Two worlds of one process, joined in memory, for data that goes one way.
import { createWorld, type EntityId, type World } from 'bitecs'
import {
  BufferType,
  connectSocket,
  createServer,
  createSocket,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  setNetworkConfig,
  Socket,
} from 'bitecs-networking'
import { createMemoryMedium, type Medium } from './Medium.ts'

/** A client socket and, in another world, a server with one subscriber, which reads each buffer. */
export interface JoinedWorlds {
  readonly senderWorld: World
  readonly socket: EntityId
  readonly receiverWorld: World
  /** Data events, and a sum of what was read of them, so that nothing can be optimized away. */
  readonly received: { events: number; sum: number }
}

/** Connects the two worlds, without limits on what waits between them. */
export async function joinWorlds(medium: Medium = createMemoryMedium()): Promise<JoinedWorlds> {
  const receiverWorld = createWorld()
  const senderWorld = createWorld()
  medium.join(receiverWorld)
  medium.join(senderWorld)
  const limits = { eventsPerSocketMax: Infinity, eventsPerTickMax: Infinity, queuedEventsMax: 1e6 }
  setNetworkConfig(receiverWorld, { ...limits, queuedBytesMax: 1e9 })
  const server = createServer(receiverWorld, medium.stream, 0)
  const socket = createSocket(senderWorld, medium.stream)
  const received = { events: 0, sum: 0 }
  onNetworking(receiverWorld, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    received.events++
    received.sum += readBuffer(asyncLoad.buffer, BufferType.u32) + asyncLoad.id + asyncLoad.size
  })
  await connectSocket(senderWorld, socket, medium.host, Socket(receiverWorld).port[server] ?? 0)
  NetworkSystem(receiverWorld)
  return { senderWorld, receiverWorld, socket, received }
}
