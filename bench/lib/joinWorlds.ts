// Two worlds of one process, joined by the memory transport, for data that goes one way.
import { createWorld, type EntityId, type World } from 'bitecs'
import {
  BufferType,
  connectSocket,
  createMemoryTransport,
  createServer,
  createSocket,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  setNetworkConfig,
  Socket,
} from 'bitecs-networking'

/** A client socket and, in another world, a server with one subscriber, which reads each buffer. */
export interface JoinedWorlds {
  readonly senderWorld: World
  readonly socket: EntityId
  readonly receiverWorld: World
  /** Data events, and a sum of what was read of them, so that nothing can be optimized away. */
  readonly received: { events: number; sum: number }
}

/** Connects the two worlds, without limits on what waits between them. */
export async function joinWorlds(): Promise<JoinedWorlds> {
  const transport = createMemoryTransport()
  const receiverWorld = createWorld()
  const senderWorld = createWorld()
  const limits = { eventsPerSocketMax: Infinity, eventsPerTickMax: Infinity, queuedEventsMax: 1e6 }
  setNetworkConfig(receiverWorld, { ...limits, queuedBytesMax: 1e9 })
  const server = createServer(receiverWorld, transport, 0)
  const socket = createSocket(senderWorld, transport)
  const received = { events: 0, sum: 0 }
  onNetworking(receiverWorld, server, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    received.events++
    received.sum += readBuffer(asyncLoad.buffer, BufferType.u32) + asyncLoad.id + asyncLoad.size
  })
  await connectSocket(senderWorld, socket, 'memory', Socket(receiverWorld).port[server] ?? 0)
  NetworkSystem(receiverWorld)
  return { senderWorld, receiverWorld, socket, received }
}
