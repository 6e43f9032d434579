import { type EntityId, type World } from 'bitecs'
import {
  BufferKind,
  closeNetwork,
  connectSocket,
  createBuffer,
  createSocket,
  NetworkError,
  networkErrorName,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendPacket,
  type SocketType,
  tellBuffer,
} from 'bitecs-networking'
import { joinReplication, Remote, ReplicationSystem } from 'bitecs-networking/replication'
import { createArenaWorld } from '../shared/arenaWorld.ts'
import { writeClientMessage } from '../shared/clientMessages.ts'
import { ownShip, pictureOf } from '../shared/picture.ts'
import { readServerMessage, type ServerMessage } from '../shared/serverMessages.ts'
import { type Line } from './Line.ts'
import { SightKeeper } from './SightKeeper.ts'

/**
 * Connects to the server over TCP, or over WebSocket where `host` is a URL. Rejects with a message for the user when that
 * fails.
 *
 * @param options.within the world to do it in; by default one of its own
 * @param options.replicated `false`: it gets sights, as over UDP, which cost less where players are many
 */
export async function createConnectedLine(
  type: typeof SocketType.tcp | typeof SocketType.ws,
  host: string,
  port: number,
  hear: (message: ServerMessage) => void,
  { within, replicated = true }: { within?: World | undefined; replicated?: boolean } = {},
): Promise<Line> {
  const world = createArenaWorld(within)
  const socket = createSocket(world, type)
  const buffer = createBuffer(64, BufferKind.grow)
  const sights = new SightKeeper()
  onNetworking(world, socket, (_world, _self, asyncLoad) => {
    if (asyncLoad.type !== NetworkType.data) return
    const message = readServerMessage(asyncLoad.buffer)
    if (message === undefined) return
    if (!replicated) sights.hear(message)
    hear(message)
  })
  const result = await connectSocket(world, socket, host, port)
  if (result < 0) {
    closeNetwork(world)
    throw new Error(`a bot could not connect to ${host} ${port}: ${networkErrorName(result)}`)
  }
  if (replicated) void join(world, socket)
  return {
    tick() {
      NetworkSystem(world)
      if (replicated) ReplicationSystem(world)
    },
    look() {
      if (!replicated) return sights.newest
      return { me: ownShip(world, socket), ...pictureOf(world, world.components, Remote) }
    },
    send(message) {
      writeClientMessage(buffer, message)
      sendPacket(world, socket, buffer, tellBuffer(buffer))
    },
    close: () => closeNetwork(world),
  }
}

/** Asks for the replication until the server answers. */
async function join(world: World, socket: EntityId): Promise<void> {
  while ((await joinReplication(world, socket)) === NetworkError.timedOut);
}
